#include "app/state/rebuild_store.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "app/progress.h"
#include "pipeline/kafka/changelog_restore.h"
#include "state/store/rocks_profile_store.h"

namespace eddy {
namespace {

/// A mark that the old store has, if it can be read: what it says of itself may show that the changelog is
/// not its own.
Result<void> check_belongs(const std::filesystem::path& path, const ChangelogReader::Range& range,
                           const StoreResources& resources, const Clock& clock) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  const auto store = RocksProfileStore::open_read_only(path, resources);
  if (!store) return {};
  const auto mark = (*store)->changelog();
  const auto positions = (*store)->positions();
  if (!mark || !positions || positions->empty()) return {};
  const auto plan = plan_catch_up(*mark, false, range, std::chrono::milliseconds::max(), clock);
  if (!plan) return plan.error();
  return {};
}

Result<std::uint64_t> fill(ShardId shard, ProfileStore& store, ChangelogReader& reader,
                           const ChangelogReader::Range& range, const Clock& clock) {
  Progress bar("rebuild shard " + std::to_string(shard.value()),
               static_cast<std::uint64_t>(range.end - range.first));
  const CatchUpHooks hooks = {
      [&](std::uint64_t done, std::uint64_t /*total*/) { bar.set(done); }, [] { return false; },
      [](const Error& retried) { spdlog::warn("{} (trying again)", to_string(retried)); }};
  EDDY_ASSIGN(const std::uint64_t rows, apply_changelog(reader, store, range.first, range.end, clock, hooks));
  bar.finish();
  EDDY_ASSIGN(const Positions positions, store.positions());
  if (positions.empty()) {
    return external_error(
        "the changelog holds no input positions, so the store is left as it is: is the topic damaged, or "
        "another "
        "program's?");
  }
  EDDY_TRY(store.flush());
  return rows;
}

}  // namespace

Result<std::uint64_t> rebuild_store(ShardId shard, StateDirectory& state, ChangelogReader& reader,
                                    const StoreResources& resources, const Clock& clock) {
  const std::string place = "shard " + std::to_string(shard.value());
  EDDY_ASSIGN(const auto range, reader.range());
  EDDY_TRY(check_belongs(state.shard_path(shard), range, resources, clock));
  std::error_code error;
  if (range.first == range.end) {
    if (!std::filesystem::exists(state.shard_path(shard), error)) return 0U;
    return user_error(
        "the changelog holds nothing of this shard, so the store is left as it is: name the changelog that "
        "belongs to it",
        place);
  }
  const std::filesystem::path scratch = state.scratch_path(shard, StateDirectory::Scratch::kRebuild);
  std::filesystem::remove_all(scratch, error);
  if (error) return external_error("cannot be removed: " + error.message(), scratch.string());
  std::uint64_t rows = 0;
  {
    EDDY_ASSIGN(const auto store, RocksProfileStore::open(scratch, resources));
    EDDY_ASSIGN(rows, fill(shard, *store, reader, range, clock));
  }
  EDDY_TRY(state.replace_by_rebuilt(shard));
  return rows;
}

}  // namespace eddy
