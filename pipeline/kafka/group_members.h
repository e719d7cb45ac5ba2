#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace eddy {

class AdminClient;

/// A process that is in a consumer group, as the group's coordinator knows it.
struct GroupMember {
  std::string id;                 ///< the coordinator's name for it
  std::set<std::int32_t> shards;  ///< the partition numbers that it reads
  std::string client = {};        ///< its client.id
  std::string instance = {};      ///< its static name; empty: none
  std::string host = {};
};

struct GroupDescription {
  bool is_at_rest = false;  ///< not sharing the partitions out anew
  std::vector<GroupMember> members;
};

/// The group now; a static member that has stopped stays in it for its session's time. A group that nobody
/// has ever been in has no members. Error: no answer in time, no right to ask.
Result<GroupDescription> describe_group(AdminClient& admin, const std::string& group);

}  // namespace eddy
