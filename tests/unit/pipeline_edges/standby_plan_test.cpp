#include "pipeline/kafka/standby_plan.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace eddy {
namespace {

/// Shards as the range assignor deals them out to members in this order.
std::vector<GroupMember> dealt(const std::vector<std::string>& names, std::int32_t shards) {
  std::vector<GroupMember> members;
  const auto count = static_cast<std::int32_t>(names.size());
  std::int32_t next = 0;
  for (std::int32_t i = 0; i < count; ++i) {
    GroupMember member{.id = names[static_cast<std::size_t>(i)], .shards = {}};
    const std::int32_t share = shards / count + (i < shards % count ? 1 : 0);
    for (std::int32_t taken = 0; taken < share; ++taken) member.shards.insert(next++);
    members.push_back(std::move(member));
  }
  return members;
}

TEST(standby_plan, a_group_of_one_and_a_stranger_keep_nothing) {
  EXPECT_TRUE(standby_shards(dealt({"a"}, 4), "a", 4).empty());
  EXPECT_TRUE(standby_shards({}, "a", 4).empty());
  EXPECT_TRUE(standby_shards(dealt({"a", "b"}, 4), "c", 4).empty());
}

TEST(standby_plan, two_members_keep_each_others_shards) {
  EXPECT_EQ(standby_shards(dealt({"a", "b"}, 4), "a", 4), (std::set<std::int32_t>{2, 3}));
  EXPECT_EQ(standby_shards(dealt({"a", "b"}, 4), "b", 4), (std::set<std::int32_t>{0, 1}));
}

TEST(standby_plan, a_member_without_shards_is_the_standby_of_the_last) {
  const auto members = dealt({"a", "b", "idle"}, 2);
  EXPECT_EQ(standby_shards(members, "idle", 2), (std::set<std::int32_t>{1}));
}

RC_GTEST_PROP(standby_plan, is_where_the_range_assignor_moves_a_lost_members_shards, ()) {
  const auto count = *rc::gen::inRange(2, 9);
  const auto shards = *rc::gen::inRange(1, 40);
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back("member-" + std::to_string(i));
  auto members = dealt(names, shards);
  const auto lost = static_cast<std::size_t>(*rc::gen::inRange(0, count));
  const std::set<std::int32_t> orphans = members[lost].shards;
  auto names_left = names;
  names_left.erase(names_left.begin() + static_cast<std::ptrdiff_t>(lost));
  std::map<std::int32_t, std::string> heirs;
  for (const GroupMember& heir : dealt(names_left, shards)) {
    for (const std::int32_t shard : heir.shards) heirs[shard] = heir.id;
  }
  // The coordinator lists members in any order.
  std::rotate(members.begin(), members.begin() + *rc::gen::inRange(0, count), members.end());
  std::map<std::int32_t, int> kept;
  for (const std::string& name : names) {
    for (const std::int32_t shard : standby_shards(members, name, shards)) {
      ++kept[shard];
      if (orphans.contains(shard)) RC_ASSERT(heirs.at(shard) == name);
    }
  }
  // Each shard has one copy.
  RC_ASSERT(kept.size() == static_cast<std::size_t>(shards));
  for (const auto& [shard, copies] : kept) RC_ASSERT(copies == 1);
}

}  // namespace
}  // namespace eddy
