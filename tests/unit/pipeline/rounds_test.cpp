#include "pipeline/rounds.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "state/store/memory_profile_store.h"

namespace eddy {
namespace {

/// Items of these users, with their profiles.
struct Users {
  std::vector<Item> items;
  MemoryProfileStore store;
  HotProfiles profiles{store, std::size_t{1} << 20U};

  Item& add(const std::string& user, EventBody body = Action{}) {
    Item& item = items.emplace_back();
    item.event.user = UserId(user);
    item.event.body = std::move(body);
    item.profile = profile(user);
    return item;
  }
  Profile* profile(const std::string& user) {
    std::vector<Profile*> found;
    const UserId id(user);
    EXPECT_TRUE(profiles.find(std::span(&id, 1), found));
    return found.front();
  }
  /// The round of each item.
  std::vector<std::size_t> rounds() {
    Rounds rounds;
    EXPECT_TRUE(rounds.split(items, 1, profiles));
    std::vector<std::size_t> of(items.size(), 99);
    for (std::size_t r = 0; r < rounds.size(); ++r)
      for (const Item* item : rounds[r]) of[static_cast<std::size_t>(item - items.data())] = r;
    return of;
  }
};

RC_GTEST_PROP(Rounds, round_r_has_the_r_th_event_of_each_user, (const std::vector<std::uint8_t>& users)) {
  Users world;
  for (const std::uint8_t user : users) world.add("user-" + std::to_string(user % 8));
  Rounds rounds;
  for (std::uint64_t batch = 1; batch <= 2; ++batch) {  // the second time its memory is used again
    RC_ASSERT(rounds.split(world.items, batch, world.profiles).has_value());
    std::map<Profile*, std::size_t> seen;
    std::size_t items_in_rounds = 0;
    for (std::size_t r = 0; r < rounds.size(); ++r) {
      RC_ASSERT(!rounds[r].empty());
      std::set<Profile*> in_round;
      const Item* before = nullptr;
      for (const Item* item : rounds[r]) {
        RC_ASSERT(in_round.insert(item->profile).second);
        RC_ASSERT(seen[item->profile]++ == r);
        RC_ASSERT(before == nullptr || before < item);
        before = item;
        ++items_in_rounds;
      }
    }
    RC_ASSERT(items_in_rounds == world.items.size());
  }
}

TEST(Rounds, an_identified_visitor_takes_turns_with_the_user) {
  Users world;
  world.profile("cookie")->facts.identified_as = IdentityFact{EventTime{1}, UserId("visitor")};
  world.profile("visitor")->facts.identified_as = IdentityFact{EventTime{1}, UserId("user")};
  for (const char* user : {"user", "cookie", "other", "visitor", "user"}) world.add(user);
  EXPECT_EQ(world.rounds(), (std::vector<std::size_t>{0, 1, 0, 2, 3}));
}

TEST(Rounds, a_visitor_who_is_identified_in_the_batch_takes_turns_with_the_user_from_then_on) {
  Users world;
  for (const char* user : {"visitor", "visitor", "user"}) world.add(user);
  world.add("user", Identify{UserId("visitor")});
  for (const char* user : {"visitor", "user"}) world.add(user);
  EXPECT_EQ(world.rounds(), (std::vector<std::size_t>{0, 1, 0, 2, 3, 4}));
}

TEST(Rounds, redirects_without_an_end_do_not_hang) {
  Users world;
  world.profile("a")->facts.identified_as = IdentityFact{EventTime{1}, UserId("b")};
  world.profile("b")->facts.identified_as = IdentityFact{EventTime{1}, UserId("a")};
  for (const char* user : {"a", "b"}) world.add(user);
  for (const std::size_t round : world.rounds()) EXPECT_LT(round, 2U);
}

}  // namespace
}  // namespace eddy
