#include "pipeline/kafka/shard_opening.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace eddy {
namespace {

// Each waits for the brokers or the disk more than it computes.
constexpr std::size_t kAtOnce = 8;

using Stored = std::map<std::int32_t, Positions>;

Result<Stored> open_at_once(SourceHandler& handler, const std::set<std::int32_t>& shards) {
  const std::vector<std::int32_t> order(shards.begin(), shards.end());
  std::vector<std::optional<Result<Positions>>> results(order.size());
  std::atomic<std::size_t> next{0};
  const auto open_some = [&] {
    for (std::size_t i = next++; i < order.size(); i = next++) {
      results[i] = handler.on_assigned(ShardId(order[i]));
    }
  };
  std::vector<std::thread> helpers;
  while (helpers.size() + 1 < std::min(order.size(), kAtOnce)) helpers.emplace_back(open_some);
  open_some();
  for (std::thread& helper : helpers) helper.join();

  Stored positions;
  std::optional<Error> failure;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (*results[i]) {
      positions[order[i]] = std::move(*results[i]).value();
    } else if (!failure || failure->remedy == Remedy::kRetry) {
      // What does not pass is said before what may.
      failure = std::move(*results[i]).error();
    }
  }
  if (failure) return *std::move(failure);
  return positions;
}

Result<Positions> open_and_start(SourceHandler& handler, const PartitionTable& table,
                                 const std::set<std::int32_t>& shards,
                                 const std::function<Result<LogRanges>()>& ask_ranges) {
  EDDY_ASSIGN(const Stored stored, open_at_once(handler, shards));
  EDDY_ASSIGN(const LogRanges ranges, ask_ranges());
  Positions starts;
  for (const auto& [shard, positions] : stored) {
    EDDY_ASSIGN(const Positions own, start_positions(table.of_shard(shard), positions, ranges));
    handler.on_started(ShardId(shard), own);
    starts.insert(own.begin(), own.end());
  }
  return starts;
}

}  // namespace

Result<Positions> open_shards(SourceHandler& handler, const PartitionTable& table,
                              const std::set<std::int32_t>& shards,
                              const std::function<Result<LogRanges>()>& ask_ranges) {
  if (shards.empty()) return Positions();
  auto starts = open_and_start(handler, table, shards, ask_ranges);
  if (!starts) {
    for (const std::int32_t shard : shards) handler.on_lost(ShardId(shard));
  }
  return starts;
}

}  // namespace eddy
