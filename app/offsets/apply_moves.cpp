#include "app/offsets/apply_moves.h"

#include <filesystem>
#include <memory>
#include <set>
#include <system_error>

#include "app/delivery_news.h"
#include "app/wiring.h"
#include "pipeline/kafka/position_commit.h"
#include "state/store/rocks_profile_store.h"

namespace eddy {
namespace {

/// The shard's store; null if it is not here.
Result<std::unique_ptr<RocksProfileStore>> open_if_here(const StateDirectory* state, ShardId shard,
                                                        const StoreResources& resources) {
  std::error_code error;
  if (state == nullptr || !std::filesystem::exists(state->shard_path(shard), error)) {
    return std::unique_ptr<RocksProfileStore>();
  }
  return RocksProfileStore::open(state->shard_path(shard), resources);
}

/// at_least_once.
Result<void> store_positions(RocksProfileStore& store, const Positions& positions, const std::string& where) {
  EDDY_ASSIGN(const auto mark, store.changelog());
  if (mark) {
    return user_error(
        "the state follows a changelog (exactly_once), which at_least_once would leave behind: set the "
        "delivery "
        "to exactly_once, or give another state directory",
        where);
  }
  EDDY_TRY(store.commit(UnitOfCommit{{}, positions}));
  return store.flush();
}

}  // namespace

Result<std::vector<ShardMove>> apply_moves(const Settings& settings, const std::vector<OffsetMove>& moves,
                                           const std::vector<PartitionOffsets>& all,
                                           const StateDirectory* state) {
  std::set<std::int32_t> shards;
  for (const PartitionOffsets& one : all) shards.insert(one.partition.second);
  const bool exactly_once = settings.delivery == "exactly_once";
  const StoreResources resources(settings.state.store);
  MetricRegistry metrics;  // nobody reads them here
  DeliveryNews news(metrics);
  std::vector<ShardMove> done;
  for (const std::int32_t number : shards) {
    const ShardId shard(number);
    const Positions positions = positions_of(number, moves, all);
    if (positions.empty()) continue;
    EDDY_ASSIGN(const auto store, open_if_here(state, shard, resources));
    if (exactly_once) {
      EDDY_TRY(commit_positions(delivery_options(settings), shard, static_cast<std::int32_t>(shards.size()),
                                store.get(), positions, news));
    } else if (store != nullptr) {
      EDDY_TRY(store_positions(*store, positions, state->shard_path(shard).string()));
    }
    done.push_back({shard, exactly_once || store != nullptr});
  }
  return done;
}

}  // namespace eddy
