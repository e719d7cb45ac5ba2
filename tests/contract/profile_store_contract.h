#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "state/profile/profile_codec.h"
#include "state/store/profile_store.h"

namespace eddy {

/// A store under test, and how to leave it and come back to the same state.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual ProfileStore& store() = 0;
  /// Closes and opens the store, if it outlives its process; else does nothing.
  virtual void reopen() = 0;
};

/// Every ProfileStore passes this suite:
///
///     INSTANTIATE_TEST_SUITE_P(Memory, ProfileStoreContract,
///     testing::Values(&make_memory_store_under_test));
using MakeStoreUnderTest = std::unique_ptr<StoreUnderTest> (*)();

class ProfileStoreContract : public testing::TestWithParam<MakeStoreUnderTest> {
 protected:
  void SetUp() override {
    under_test_ = GetParam()();
    ASSERT_NE(under_test_, nullptr);
  }
  ProfileStore& store() { return under_test_->store(); }
  void reopen() { under_test_->reopen(); }

  /// A user with one session whose only tag is `tag`.
  static Facts facts_with_tag(const std::string& tag) {
    Facts facts;
    SessionFacts session;
    session.id = SessionId("session");
    ActionFact action;
    action.time = EventTime{1'700'000'000'000};
    action.tags.insert(tag);
    session.actions.push_back(action);
    facts.sessions.push_back(session);
    return facts;
  }

  static std::string encoded(const Facts& facts) {
    std::string bytes;
    encode_facts(facts, bytes);
    return bytes;
  }

  static UnitOfCommit unit_of(std::vector<std::pair<std::string, std::string>> user_tags,
                              Positions positions = {}) {
    UnitOfCommit unit;
    for (const auto& [user, tag] : user_tags) {
      unit.profiles.emplace_back(UserId(user), encoded(facts_with_tag(tag)));
    }
    unit.positions = std::move(positions);
    return unit;
  }

  std::optional<Facts> load_one(const std::string& user) {
    const std::vector<UserId> users{UserId(user)};
    std::vector<std::optional<Facts>> facts(1);
    const Result<void> loaded = store().load(users, facts);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return facts[0];
  }

  std::vector<std::pair<std::string, Facts>> everything() {
    std::vector<std::pair<std::string, Facts>> found;
    const Result<void> visited = store().for_each([&](const UserId& user, Facts&& facts) {
      found.emplace_back(user.value(), std::move(facts));
      return true;
    });
    EXPECT_TRUE(visited) << visited.error().message;
    return found;
  }

 private:
  std::unique_ptr<StoreUnderTest> under_test_;
};

TEST_P(ProfileStoreContract, new_store_is_empty) {
  EXPECT_EQ(load_one("ann"), std::nullopt);
  const Result<Positions> positions = store().positions();
  ASSERT_TRUE(positions);
  EXPECT_TRUE(positions->empty());
  EXPECT_TRUE(everything().empty());
}

TEST_P(ProfileStoreContract, load_fills_each_place_and_clears_what_was_there) {
  ASSERT_TRUE(store().commit(unit_of({{"ann", "car"}, {"bob", "house"}})));
  const std::vector<UserId> users{UserId("bob"), UserId("nobody"), UserId("ann"), UserId("bob")};
  std::vector<std::optional<Facts>> facts(4, facts_with_tag("left over"));
  ASSERT_TRUE(store().load(users, facts));
  EXPECT_EQ(facts[0], facts_with_tag("house"));
  EXPECT_EQ(facts[1], std::nullopt);
  EXPECT_EQ(facts[2], facts_with_tag("car"));
  EXPECT_EQ(facts[3], facts_with_tag("house"));
  EXPECT_TRUE(store().load({}, {}));
}

TEST_P(ProfileStoreContract, commit_replaces_profiles_and_keeps_unnamed_positions) {
  ASSERT_TRUE(store().commit(unit_of({{"ann", "car"}}, {{{"web", 0}, 10}, {{"calls", 0}, 3}})));
  ASSERT_TRUE(store().commit(unit_of({{"ann", "boat"}}, {{{"web", 0}, 20}})));
  reopen();
  EXPECT_EQ(load_one("ann"), facts_with_tag("boat"));
  const Result<Positions> positions = store().positions();
  ASSERT_TRUE(positions);
  EXPECT_EQ(*positions, (Positions{{{"web", 0}, 20}, {{"calls", 0}, 3}}));
}

TEST_P(ProfileStoreContract, empty_profile_is_deleted) {
  ASSERT_TRUE(store().commit(unit_of({{"ann", "car"}, {"bob", "house"}})));
  UnitOfCommit unit;
  unit.profiles.emplace_back(UserId("ann"), "");
  unit.profiles.emplace_back(UserId("never there"), "");
  ASSERT_TRUE(store().commit(unit));
  reopen();
  EXPECT_EQ(load_one("ann"), std::nullopt);
  EXPECT_EQ(everything().size(), 1U);
}

TEST_P(ProfileStoreContract, positions_alone_can_be_committed) {
  ASSERT_TRUE(
      store().commit(unit_of({}, {{{"web", 7}, 0}, {{"a topic\nof two lines", 2147483647}, 1LL << 62}})));
  reopen();
  const Result<Positions> positions = store().positions();
  ASSERT_TRUE(positions);
  EXPECT_EQ(*positions, (Positions{{{"web", 7}, 0}, {{"a topic\nof two lines", 2147483647}, 1LL << 62}}));
  EXPECT_TRUE(everything().empty());
}

TEST_P(ProfileStoreContract, for_each_goes_in_the_order_of_users_and_stops_when_told) {
  const std::string with_zero("a\0b", 3);
  ASSERT_TRUE(store().commit(
      unit_of({{"b", "2"}, {"\xC3\xA9", "4"}, {"a", "0"}, {"", "empty"}, {with_zero, "1"}, {"c", "3"}},
              {{{"p", 0}, 1}})));
  std::vector<std::string> users;
  for (const auto& [user, facts] : everything()) users.push_back(user);
  EXPECT_THAT(users, testing::ElementsAre("", "a", with_zero, "b", "c", "\xC3\xA9"));
  int visited = 0;
  ASSERT_TRUE(store().for_each([&](const UserId&, Facts&&) { return ++visited < 2; }));
  EXPECT_EQ(visited, 2);
}

TEST_P(ProfileStoreContract, for_each_after_begins_behind_a_user_whether_it_is_stored_or_not) {
  const std::string with_zero("a\0", 2);
  ASSERT_TRUE(store().commit(
      unit_of({{"", "empty"}, {"a", "0"}, {with_zero, "1"}, {"b", "2"}, {"d", "3"}}, {{{"p", 0}, 1}})));
  const auto users_after = [&](const std::string& after) {
    std::vector<std::string> users;
    const UserId user(after);
    EXPECT_TRUE(store().for_each_after(&user, [&](const UserId& found, Facts&&) {
      users.push_back(found.value());
      return true;
    }));
    return users;
  };
  EXPECT_THAT(users_after(""), testing::ElementsAre("a", with_zero, "b", "d"));
  EXPECT_THAT(users_after("a"), testing::ElementsAre(with_zero, "b", "d"));
  EXPECT_THAT(users_after("b"), testing::ElementsAre("d"));
  EXPECT_THAT(users_after("c"), testing::ElementsAre("d"));
  EXPECT_TRUE(users_after("d").empty());
}

TEST_P(ProfileStoreContract, flushed_state_is_there_after_reopening) {
  ASSERT_TRUE(store().commit(unit_of({{"ann", "car"}}, {{{"web", 0}, 1}})));
  ASSERT_TRUE(store().flush());
  ASSERT_TRUE(store().flush());
  reopen();
  EXPECT_EQ(load_one("ann"), facts_with_tag("car"));
}

TEST_P(ProfileStoreContract, load_beside_commits_sees_whole_profiles_that_never_go_back) {
  constexpr int kCommits = 300;
  ASSERT_TRUE(store().commit(unit_of({{"ann", "0"}})));
  std::jthread writer([this] {
    for (int i = 1; i <= kCommits; ++i) ASSERT_TRUE(store().commit(unit_of({{"ann", std::to_string(i)}})));
  });
  int last = 0;
  while (last < kCommits) {
    const std::optional<Facts> facts = load_one("ann");
    ASSERT_TRUE(facts.has_value());
    const int seen = std::stoi(std::string(*facts->sessions.at(0).actions.at(0).tags.begin()));
    ASSERT_GE(seen, last);
    last = seen;
  }
}

TEST_P(ProfileStoreContract, bytes_that_are_no_profile_are_an_error_that_stops) {
  UnitOfCommit unit;
  unit.profiles.emplace_back(UserId("ann"), std::string("\xFF\xFF\xFF\xFF\xFF no profile", 17));
  ASSERT_TRUE(store().commit(unit));
  const std::vector<UserId> users{UserId("ann")};
  std::vector<std::optional<Facts>> facts(1);
  const Result<void> loaded = store().load(users, facts);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().remedy, Remedy::kStop);
  EXPECT_EQ(loaded.error().message.find('\n'), std::string::npos);
  EXPECT_FALSE(store().for_each([](const UserId&, Facts&&) { return true; }));
}

TEST_P(ProfileStoreContract, a_changelog_mark_is_stored_with_its_unit_and_stays_where_a_unit_has_none) {
  const Result<std::optional<ChangelogMark>> at_first = store().changelog();
  ASSERT_TRUE(at_first) << at_first.error().message;
  EXPECT_EQ(*at_first, std::nullopt);
  UnitOfCommit marked = unit_of({{"ann", "house"}});
  marked.changelog = ChangelogMark{42, 1'700'000'000'000};
  ASSERT_TRUE(store().commit(marked));
  ASSERT_TRUE(store().commit(unit_of({{"bob", "car"}})));
  reopen();
  const Result<std::optional<ChangelogMark>> stored = store().changelog();
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(*stored, (ChangelogMark{42, 1'700'000'000'000}));
}

TEST_P(ProfileStoreContract, a_cleared_store_is_a_new_one) {
  UnitOfCommit unit = unit_of({{"ann", "house"}, {"bob", "car"}}, {{{"web", 3}, 17}});
  unit.changelog = ChangelogMark{5, 6};
  ASSERT_TRUE(store().commit(unit));
  const Result<void> cleared = store().clear();
  ASSERT_TRUE(cleared) << cleared.error().message;
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(load_one("ann"), std::nullopt);
    EXPECT_TRUE(store().for_each([](const UserId& user, Facts&&) {
      ADD_FAILURE() << user.value() << " is still there";
      return true;
    }));
    const Result<Positions> positions = store().positions();
    ASSERT_TRUE(positions);
    EXPECT_TRUE(positions->empty());
    const Result<std::optional<ChangelogMark>> mark = store().changelog();
    ASSERT_TRUE(mark);
    EXPECT_EQ(*mark, std::nullopt);
    reopen();
  }
  ASSERT_TRUE(store().commit(unit_of({{"ann", "boat"}})));
  EXPECT_TRUE(load_one("ann").has_value());
}

/// Any series of commits and reopenings leaves what a map would hold.
TEST_P(ProfileStoreContract, any_series_of_commits_equals_a_map) {
  // rapidcheck prints the seed of a failure, and takes it from RC_PARAMS.
  const bool holds = rc::check("store equals a map", [this] {
    const std::unique_ptr<StoreUnderTest> fresh = GetParam()();
    std::map<std::string, std::string> model;
    Positions model_positions;
    const int steps = *rc::gen::inRange(1, 12);
    for (int step = 0; step < steps; ++step) {
      UnitOfCommit unit;
      const auto users = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
      for (const int user : users) {
        const int tag = *rc::gen::inRange(-3, 10);
        const std::string name = "user-" + std::to_string(user);
        unit.profiles.emplace_back(UserId(name), tag < 0 ? "" : encoded(facts_with_tag(std::to_string(tag))));
        if (tag < 0) {
          model.erase(name);
        } else {
          model[name] = std::to_string(tag);
        }
      }
      if (*rc::gen::arbitrary<bool>()) {
        const auto place = std::pair(std::string(*rc::gen::element("web", "calls")), *rc::gen::inRange(0, 3));
        unit.positions[place] = model_positions[place] = *rc::gen::arbitrary<std::int64_t>();
      }
      RC_ASSERT(fresh->store().commit(unit).has_value());
      if (*rc::gen::inRange(0, 8) == 0) fresh->reopen();
    }
    std::map<std::string, std::string> stored;
    const Result<void> visited = fresh->store().for_each([&](const UserId& user, Facts&& facts) {
      stored[user.value()] = std::string(*facts.sessions.at(0).actions.at(0).tags.begin());
      return true;
    });
    RC_ASSERT(visited.has_value());
    RC_ASSERT(stored == model);
    const Result<Positions> positions = fresh->store().positions();
    RC_ASSERT(positions.has_value());
    RC_ASSERT(*positions == model_positions);
  });
  EXPECT_TRUE(holds);
}

}  // namespace eddy
