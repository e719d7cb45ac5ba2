#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/ids.h"
#include "state/profile/facts.h"

namespace eddy {

/// A profile as it is on disk.
struct StoredProfile {
  UserId user;
  ShardId shard;
  Facts facts;
};

/// Looks for the user in all shards of a state directory, also while a process uses it; what that process has
/// not committed yet is not seen. Nothing if the user is unknown. Errors: no state there, damage.
Result<std::optional<StoredProfile>> find_stored_profile(const std::filesystem::path& state_directory,
                                                         const UserId& user);

/// Up to `limit` users, in the order of their ids, shard by shard.
Result<std::vector<StoredProfile>> list_stored_profiles(const std::filesystem::path& state_directory,
                                                        std::size_t limit);

}  // namespace eddy
