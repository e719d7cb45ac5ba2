#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace eddy {

class AdminClient;

/// A member of a consumer group, and the partition numbers that it reads.
struct GroupMember {
  std::string id;  ///< as the coordinator named it
  std::set<std::int32_t> shards;

  friend bool operator==(const GroupMember&, const GroupMember&) = default;
};

/// The group as its coordinator knows it; nothing while its members share the partitions out. A group that
/// nobody is in has no members. Error: no answer in time, no right to ask.
Result<std::optional<std::vector<GroupMember>>> group_members(AdminClient& admin, const std::string& group);

}  // namespace eddy
