#include "state/store/hot_profiles.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <map>
#include <set>

#include "state/profile/profile_codec.h"
#include "state/store/memory_profile_store.h"

namespace eddy {
namespace {

/// A memory store that counts, and fails when told.
class WatchedStore final : public ProfileStore {
 public:
  Result<void> load(std::span<const UserId> users, std::span<std::optional<Facts>> facts) override {
    if (fails) return external_error("the disk is on fire");
    ++loads;
    for (const UserId& user : users) loaded.insert(user.value());
    return store_.load(users, facts);
  }
  Result<void> commit(const UnitOfCommit& unit) override { return store_.commit(unit); }
  Result<Positions> positions() override { return store_.positions(); }
  Result<std::optional<ChangelogMark>> changelog() override { return store_.changelog(); }
  Result<void> clear() override { return store_.clear(); }
  Result<void> for_each_after(const UserId* after, const Visit& visit) override {
    return store_.for_each_after(after, visit);
  }
  Result<void> flush() override { return store_.flush(); }

  bool fails = false;
  int loads = 0;
  std::multiset<std::string> loaded;

 private:
  MemoryProfileStore store_;
};

void add_purchase(Profile& profile, std::int64_t number) {
  PurchaseFact purchase;
  purchase.id = EventId("purchase-" + std::to_string(number));
  purchase.time = EventTime{number};
  profile.facts.purchases.push_back(purchase);
}

std::vector<UserId> users_named(const std::vector<std::string>& names) {
  std::vector<UserId> users;
  for (const std::string& name : names) users.emplace_back(name);
  return users;
}

class HotProfilesTest : public testing::Test {
 protected:
  static constexpr std::size_t kNothing = 0;
  static constexpr std::size_t kPlenty = 1UL << 30;

  std::vector<Profile*> find(HotProfiles& hot, const std::vector<std::string>& names) {
    std::vector<Profile*> found;
    const auto result = hot.find(users_named(names), found);
    EXPECT_TRUE(result) << result.error().message;
    return found;
  }
  void change(HotProfiles& hot, const std::string& name, std::int64_t number) {
    Profile* profile = find(hot, {name})[0];
    add_purchase(*profile, number);
    hot.mark_changed(profile);
  }
  void apply(HotProfiles& hot, const UnitOfCommit& unit) {
    ASSERT_TRUE(store_.commit(unit));
    hot.unit_applied();
  }

  WatchedStore store_;
};

TEST_F(HotProfilesTest, repeats_are_one_profile_and_one_read) {
  HotProfiles hot(store_, kPlenty);
  const std::vector<Profile*> found = find(hot, {"ann", "bob", "ann"});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0], found[2]);
  EXPECT_NE(found[0], found[1]);
  EXPECT_TRUE(found[0]->facts.empty());
  EXPECT_EQ(store_.loads, 1);
  EXPECT_EQ(find(hot, {"bob", "ann"}), (std::vector<Profile*>{found[1], found[0]}));
  EXPECT_EQ(store_.loads, 1);
  EXPECT_EQ(hot.misses(), 2U);
  EXPECT_EQ(hot.hits(), 3U);
  EXPECT_EQ(hot.size(), 2U);
}

TEST_F(HotProfilesTest, pointers_stay_while_others_come_in) {
  HotProfiles hot(store_, kNothing);
  Profile* ann = find(hot, {"ann"})[0];
  add_purchase(*ann, 1);
  for (int i = 0; i < 2000; ++i) find(hot, {"user-" + std::to_string(i)});
  EXPECT_EQ(find(hot, {"ann"})[0], ann);
  EXPECT_EQ(ann->facts.purchases.size(), 1U);
}

TEST_F(HotProfilesTest, scan_goes_over_the_stored_users_and_takes_what_is_newer_in_memory) {
  HotProfiles hot(store_, kPlenty);
  for (const char* name : {"ann", "bob", "carol"}) change(hot, name, 1);
  apply(hot, hot.take_unit({}));
  change(hot, "bob", 2);
  HotProfiles cold(store_, kPlenty);
  change(cold, "bob", 2);
  std::vector<std::pair<UserId, Profile*>> found;
  ASSERT_TRUE(cold.scan(nullptr, 2, found));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].first, UserId("ann"));
  EXPECT_EQ(HotProfiles::user_of(*found[0].second), UserId("ann"));
  EXPECT_EQ(found[1].second->facts.purchases.size(), 2U) << "the change that is in no unit yet";
  const UserId last = found[1].first;
  ASSERT_TRUE(cold.scan(&last, 2, found));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first, UserId("carol"));
  EXPECT_EQ(find(cold, {"carol"})[0], found[0].second);
}

TEST_F(HotProfilesTest, what_a_scan_loads_is_the_first_to_go) {
  {
    HotProfiles writer(store_, kPlenty);
    for (int i = 0; i < 100; ++i) change(writer, "user-" + std::to_string(i), 1);
    apply(writer, writer.take_unit({}));
  }
  HotProfiles sized(store_, kPlenty);
  find(sized, {"user-0", "user-50"});
  HotProfiles hot(store_, sized.memory_bytes());
  find(hot, {"user-0", "user-50"});
  const int loads = store_.loads;
  std::vector<std::pair<UserId, Profile*>> found;
  ASSERT_TRUE(hot.scan(nullptr, 100, found));
  EXPECT_EQ(found.size(), 100U);
  hot.trim();
  EXPECT_EQ(hot.size(), 2U);
  find(hot, {"user-0", "user-50"});
  EXPECT_EQ(store_.loads, loads) << "the users of events stayed";
}

TEST_F(HotProfilesTest, unit_has_each_changed_profile_once_and_the_positions) {
  HotProfiles hot(store_, kPlenty);
  change(hot, "ann", 1);
  change(hot, "bob", 2);
  change(hot, "ann", 3);
  find(hot, {"carol"});
  EXPECT_TRUE(hot.has_changes());
  const UnitOfCommit unit = hot.take_unit({{{"web", 0}, 42}});
  EXPECT_FALSE(hot.has_changes());
  EXPECT_EQ(unit.positions, (Positions{{{"web", 0}, 42}}));
  ASSERT_EQ(unit.profiles.size(), 2U);
  EXPECT_EQ(unit.profiles[0].first, UserId("ann"));
  EXPECT_EQ(decode_facts(unit.profiles[0].second)->purchases.size(), 2U);
  EXPECT_EQ(unit.profiles[1].first, UserId("bob"));
  EXPECT_TRUE(hot.take_unit({}).profiles.empty());
}

TEST_F(HotProfilesTest, profile_without_facts_is_handed_out_as_a_deletion) {
  HotProfiles hot(store_, kPlenty);
  change(hot, "ann", 1);
  apply(hot, hot.take_unit({}));
  Profile* ann = find(hot, {"ann"})[0];
  ann->facts = Facts();
  hot.mark_changed(ann);
  const UnitOfCommit unit = hot.take_unit({});
  ASSERT_EQ(unit.profiles.size(), 1U);
  EXPECT_EQ(unit.profiles[0].second, "");
}

TEST_F(HotProfilesTest, only_applied_profiles_leave_memory) {
  HotProfiles hot(store_, kNothing);
  change(hot, "ann", 1);
  hot.trim();
  EXPECT_EQ(hot.size(), 1U);  // changed
  const UnitOfCommit first = hot.take_unit({});
  hot.trim();
  EXPECT_EQ(hot.size(), 1U);  // taken, not applied
  change(hot, "ann", 2);
  const UnitOfCommit second = hot.take_unit({});
  apply(hot, first);
  hot.trim();
  EXPECT_EQ(hot.size(), 1U);  // the second unit holds its last change
  apply(hot, second);
  hot.trim();
  EXPECT_EQ(hot.size(), 0U);
  EXPECT_EQ(hot.memory_bytes(), 0U);
  EXPECT_EQ(find(hot, {"ann"})[0]->facts.purchases.size(), 2U);
  EXPECT_EQ(store_.loads, 2);
}

TEST_F(HotProfilesTest, least_recently_used_leave_first) {
  HotProfiles all(store_, kPlenty);
  find(all, {"a", "b", "c", "d"});
  const std::size_t bytes_of_four = all.memory_bytes();
  HotProfiles hot(store_, bytes_of_four * 3 / 4);
  find(hot, {"a", "b", "c", "d"});
  find(hot, {"a"});
  hot.trim();
  EXPECT_EQ(hot.size(), 3U);
  EXPECT_LE(hot.memory_bytes(), bytes_of_four * 3 / 4);
  store_.loaded.clear();
  find(hot, {"a", "c", "d"});
  EXPECT_TRUE(store_.loaded.empty());
  find(hot, {"b"});
  EXPECT_EQ(store_.loaded, std::multiset<std::string>{"b"});
}

TEST_F(HotProfilesTest, size_follows_facts_and_caches) {
  struct BigCache final : ModelCache {
    [[nodiscard]] std::size_t memory_bytes() const override { return 100'000; }
  };
  HotProfiles hot(store_, 50'000);
  Profile* ann = find(hot, {"ann"})[0];
  const std::size_t before = hot.memory_bytes();
  ann->cache = std::make_unique<BigCache>();
  hot.resized(ann);
  EXPECT_EQ(hot.memory_bytes(), before + 100'000);
  ann->cache.reset();
  hot.resized(ann);
  EXPECT_EQ(hot.memory_bytes(), before);
  for (int i = 0; i < 100; ++i) add_purchase(*ann, i);
  hot.mark_changed(ann);
  apply(hot, hot.take_unit({}));
  EXPECT_GT(hot.memory_bytes(), before + 100 * sizeof(PurchaseFact));
}

TEST_F(HotProfilesTest, failed_read_enters_nothing) {
  HotProfiles hot(store_, kPlenty);
  store_.fails = true;
  std::vector<Profile*> found;
  EXPECT_FALSE(hot.find(users_named({"ann"}), found));
  EXPECT_EQ(hot.size(), 0U);
  store_.fails = false;
  EXPECT_NE(find(hot, {"ann"})[0], nullptr);
}

/// Whatever is found, changed, taken, applied and trimmed in whatever order, no change is lost, and after a
/// trim the budget is kept by all that may be dropped.
RC_GTEST_PROP(HotProfilesProperty, no_change_is_lost, ()) {
  WatchedStore store;
  const auto budget = *rc::gen::element<std::size_t>(0, 2'000, 5'000, 1'000'000);
  HotProfiles hot(store, budget);
  const int users = *rc::gen::element(12, 500);  // the table of entries grows a few times, or never
  std::map<std::string, std::size_t> model;
  std::deque<UnitOfCommit> taken;
  std::int64_t number = 0;
  const int steps = *rc::gen::inRange(0, 200);
  for (int step = 0; step < steps; ++step) {
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
      case 1: {
        std::vector<std::string> names;
        for (const int user : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, users)))
          names.push_back("user-" + std::to_string(user));
        std::vector<Profile*> found;
        RC_ASSERT(hot.find(users_named(names), found).has_value());
        RC_ASSERT(found.size() == names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
          RC_ASSERT(HotProfiles::user_of(*found[i]).value() == names[i]);
          RC_ASSERT(found[i]->facts.purchases.size() == model[names[i]]);
          add_purchase(*found[i], ++number);
          ++model[names[i]];
          hot.mark_changed(found[i]);
        }
        break;
      }
      case 2:
        taken.push_back(hot.take_unit({}));
        break;
      case 3:
        if (taken.empty()) break;
        RC_ASSERT(store.commit(taken.front()).has_value());
        taken.pop_front();
        hot.unit_applied();
        break;
      default:
        hot.trim();
        if (taken.empty() && !hot.has_changes()) RC_ASSERT(hot.memory_bytes() <= budget);
    }
  }
}

}  // namespace
}  // namespace eddy
