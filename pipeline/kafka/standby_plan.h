#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "pipeline/kafka/group_members.h"

namespace eddy {

/// The shards that member `own` keeps warm copies of: those that it would be given if the member that has
/// them were gone, by the group's assignor (range). So each owned shard has one standby, which is where the
/// group would move it. Empty for a group of one.
std::set<std::int32_t> standby_shards(std::vector<GroupMember> members, const std::string& own,
                                      std::int32_t shards);

}  // namespace eddy
