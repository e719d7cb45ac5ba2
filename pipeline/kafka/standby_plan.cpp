#include "pipeline/kafka/standby_plan.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace eddy {
namespace {

/// Who gets `shard` when the range assignor deals `shards` out to so many members.
std::size_t range_owner(std::int32_t shard, std::int32_t shards, std::size_t members) {
  const auto all = static_cast<std::size_t>(shards), wanted = static_cast<std::size_t>(shard);
  const std::size_t share = all / members, with_one_more = all % members;
  const std::size_t first_of_smaller = with_one_more * (share + 1);
  if (wanted < first_of_smaller) return wanted / (share + 1);
  return with_one_more + (wanted - first_of_smaller) / share;
}

/// The order in which the assignor dealt: by the shards that came of it, those that got none last.
std::int32_t rank(const GroupMember& member) {
  return member.shards.empty() ? std::numeric_limits<std::int32_t>::max() : *member.shards.begin();
}

}  // namespace

std::set<std::int32_t> standby_shards(std::vector<GroupMember> members, const std::string& own,
                                      std::int32_t shards) {
  std::sort(members.begin(), members.end(), [](const GroupMember& left, const GroupMember& right) {
    return std::pair(rank(left), left.id) < std::pair(rank(right), right.id);
  });
  const auto self = std::find_if(members.begin(), members.end(),
                                 [&](const GroupMember& member) { return member.id == own; });
  std::set<std::int32_t> kept;
  if (self == members.end() || members.size() < 2) return kept;
  const auto own_place = static_cast<std::size_t>(self - members.begin());
  for (std::size_t place = 0; place < members.size(); ++place) {
    if (place == own_place) continue;
    const std::size_t own_place_without = own_place - (place < own_place ? 1 : 0);
    for (const std::int32_t shard : members[place].shards) {
      if (shard < shards && range_owner(shard, shards, members.size() - 1) == own_place_without) {
        kept.insert(shard);
      }
    }
  }
  return kept;
}

}  // namespace eddy
