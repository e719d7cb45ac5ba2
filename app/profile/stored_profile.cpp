#include "app/profile/stored_profile.h"

#include <array>
#include <functional>
#include <system_error>
#include <utility>

#include "state/store/rocks_profile_store.h"
#include "state/store/state_directory.h"
#include "state/store/store_resources.h"

namespace eddy {
namespace {

/// Calls `visit` with each shard's store until it returns false. A shard without a folder has had no input
/// yet.
Result<void> for_each_shard(const std::filesystem::path& state_directory,
                            const std::function<Result<bool>(ShardId, ProfileStore&)>& visit) {
  EDDY_ASSIGN(const StateIdentity identity, StateDirectory::read_identity(state_directory));
  StoreOptions options;
  options.block_cache_bytes = 32UL << 20;
  const StoreResources resources(options);
  for (std::int32_t number = 0; number < identity.shards; ++number) {
    const ShardId shard(number);
    const std::filesystem::path path = StateDirectory::shard_path(state_directory, shard);
    if (!RocksProfileStore::is_made(path)) continue;
    EDDY_ASSIGN(const auto store, RocksProfileStore::open_read_only(path, resources));
    EDDY_ASSIGN(const bool goes_on, visit(shard, *store));
    if (!goes_on) break;
  }
  return {};
}

}  // namespace

Result<std::optional<StoredProfile>> find_stored_profile(const std::filesystem::path& state_directory,
                                                         const UserId& user) {
  std::optional<StoredProfile> found;
  const auto read = for_each_shard(state_directory, [&](ShardId shard, ProfileStore& store) -> Result<bool> {
    std::array<std::optional<Facts>, 1> facts;
    EDDY_TRY(store.load(std::span(&user, 1), facts));
    if (facts[0]) found = StoredProfile{user, shard, std::move(*facts[0])};
    return !found.has_value();
  });
  if (!read) return read.error();
  return found;
}

Result<std::vector<StoredProfile>> list_stored_profiles(const std::filesystem::path& state_directory,
                                                        std::size_t limit) {
  std::vector<StoredProfile> found;
  const auto read = for_each_shard(state_directory, [&](ShardId shard, ProfileStore& store) -> Result<bool> {
    EDDY_TRY(store.for_each([&](const UserId& user, Facts&& facts) {
      if (found.size() >= limit) return false;
      found.push_back({user, shard, std::move(facts)});
      return true;
    }));
    return found.size() < limit;
  });
  if (!read) return read.error();
  return found;
}

}  // namespace eddy
