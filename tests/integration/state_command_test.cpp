// `eddy state`, as typed, on what the real program leaves behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "crash/damaged_file.h"
#include "integration/eddy_commands.h"
#include "integration/running_graph.h"
#include "state/profile/profile_codec.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class state_command : public EddyCommands {
 protected:
  /// Changes a store behind its changelog's back.
  void change(std::int32_t shard, const UnitOfCommit& unit) {
    const StoreResources resources(StoreOptions{});
    auto store = RocksProfileStore::open(shard_path(shard), resources);
    ASSERT_TRUE(store) << to_string(store.error());
    ASSERT_TRUE((*store)->commit(unit));
    ASSERT_TRUE((*store)->flush());
  }

  /// The first users of a shard, with their profiles as bytes.
  std::vector<std::pair<UserId, std::string>> users_of(std::int32_t shard) {
    std::vector<std::pair<UserId, std::string>> users;
    const StoreResources resources(StoreOptions{});
    auto store = RocksProfileStore::open_read_only(shard_path(shard), resources);
    EXPECT_TRUE(store) << to_string(store.error());
    EXPECT_TRUE((*store)->for_each([&](const UserId& user, Facts&& facts) {
      users.emplace_back(user, std::string());
      encode_facts(facts, users.back().second);
      return true;
    }));
    return users;
  }

  void expect_no_leftovers() {
    for (const auto& entry : fs::directory_iterator(state())) {
      EXPECT_THAT(entry.path().filename().string(), Not(testing::ContainsRegex("shard-[0-9]+[.]")));
    }
  }
};

TEST_F(state_command, verify_says_that_a_store_equals_its_changelog) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords));
  const Said said = eddy("state", "verify");
  EXPECT_EQ(said.code, 0) << said.text;
  for (int shard = 0; shard < ProofWork::kPartitions; ++shard) {
    const std::size_t rows = users_of(shard).size() + work().topics().size();
    EXPECT_THAT(said.text,
                HasSubstr("shard " + std::to_string(shard) + ": equal, " + std::to_string(rows) + " rows\n"));
  }
  expect_no_leftovers();
  EXPECT_EQ(eddy("state", "verify", {"--shard", "4"}).code, 2);
}

TEST_F(state_command, verify_finds_rows_that_are_changed_missing_and_too_many) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords));
  const auto users = users_of(2);
  ASSERT_GT(users.size(), 2U);
  const auto& [changed, unused] = users[0];
  const auto& [missing, facts] = users[1];
  change(2,
         {{{changed, facts}, {missing, ""}, {UserId("zz-nobody"), facts}}, {{{work().topics()[0], 2}, 1}}});
  const Said said = eddy("state", "verify");
  EXPECT_EQ(said.code, 1) << said.text;
  EXPECT_THAT(said.text, HasSubstr("shard 1: equal"));
  EXPECT_THAT(said.text, HasSubstr("shard 2: 4 rows of "));
  EXPECT_THAT(said.text, HasSubstr("user '" + changed.value() + "': differs in "));
  EXPECT_THAT(said.text, HasSubstr("user '" + missing.value() + "': in the changelog, not in the store\n"));
  EXPECT_THAT(said.text, HasSubstr("user 'zz-nobody': in the store, not in the changelog\n"));
  EXPECT_THAT(said.text, HasSubstr("position of " + work().topics()[0] + "/2: 1 in the store, "));
  EXPECT_THAT(said.text, HasSubstr("these shards do not equal their changelog: 2;"));
  EXPECT_EQ(eddy("state", "verify", {"--shard", "1"}).code, 0);

  const Said rebuilt = eddy("state", "rebuild", {"--shard", "2"});
  EXPECT_EQ(rebuilt.code, 0) << rebuilt.text;
  EXPECT_EQ(users_of(2), users);
  EXPECT_EQ(eddy("state", "verify").code, 0);
  expect_no_leftovers();
}

TEST_F(state_command, verify_compares_a_store_that_is_behind_at_its_mark) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords));
  const fs::path older = work().directory() / "older";
  fs::copy(state(), older, fs::copy_options::recursive);
  work().produce_until(kRecords + kHeldBack);
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords + kHeldBack));
  fs::remove_all(state());
  fs::rename(older, state());
  const Said behind = eddy("state", "verify");
  EXPECT_EQ(behind.code, 0) << behind.text;
  EXPECT_THAT(behind.text, HasSubstr("shard 0: equal, "));
  EXPECT_THAT(behind.text, HasSubstr("; behind the changelog by "));
  EXPECT_THAT(behind.text, HasSubstr(" changed since and not compared\n"));

  std::set<std::string> later;
  for (std::size_t i = kRecords; i < kRecords + kHeldBack; ++i) later.insert(work().records()[i].user);
  const auto users = users_of(3);
  const auto same = std::find_if(users.begin(), users.end(),
                                 [&](const auto& one) { return !later.contains(one.first.value()); });
  ASSERT_NE(same, users.end());
  change(3, {{{same->first, ""}}, {}});
  const Said differs = eddy("state", "verify", {"--shard", "3"});
  EXPECT_EQ(differs.code, 1) << differs.text;
  EXPECT_THAT(differs.text,
              HasSubstr("user '" + same->first.value() + "': in the changelog, not in the store"));
}

TEST_F(state_command, rebuild_makes_a_lost_or_damaged_directory_anew) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords));
  const auto facts = stored_facts(state());
  fs::remove_all(state());
  const Said lost = eddy("state", "rebuild");
  EXPECT_EQ(lost.code, 0) << lost.text;
  expect_same_facts(facts, stored_facts(state()));
  EXPECT_EQ(eddy("state", "verify").code, 0);

  const auto manifests = files_named(shard_path(1), "MANIFEST", "");
  ASSERT_FALSE(manifests.empty());
  truncate_file(manifests.front(), 0);
  EXPECT_EQ(eddy("state", "verify").code, 1);
  const Said damaged = eddy("state", "rebuild", {"--shard", "1"});
  EXPECT_EQ(damaged.code, 0) << damaged.text;
  expect_same_facts(facts, stored_facts(state()));
  EXPECT_EQ(eddy("state", "verify").code, 0);
  expect_no_leftovers();

  work().produce_until(kRecords + kHeldBack);
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords + kHeldBack));
}

TEST_F(state_command, rebuild_keeps_a_store_that_the_changelog_cannot_replace) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords));
  const auto facts = stored_facts(state());
  TestBroker& broker = work().broker();
  const std::string other =
      broker.create_topic("other", ProofWork::kPartitions, {{"cleanup.policy", "compact"}});
  const Said said = eddy("state", "rebuild", {"--set", "state.changelog=" + other});
  EXPECT_EQ(said.code, 2) << said.text;
  EXPECT_THAT(said.text, HasSubstr("belong"));
  expect_same_facts(facts, stored_facts(state()));
  EXPECT_EQ(eddy("state", "verify").code, 0);
}

TEST_F(state_command, refuses_a_directory_in_use) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  const auto running = start(kProcess);
  ASSERT_TRUE(wait_for_records(kRecords, {running.get()}));
  for (const char* command : {"verify", "rebuild"}) {
    const Said said = eddy("state", command);
    EXPECT_EQ(said.code, 2) << said.text;
    EXPECT_THAT(said.text, HasSubstr("in use by process "));
  }
  ASSERT_EQ(running->stop(), (ProcessEnd{0, 0}));
}

TEST_F(state_command, is_for_exactly_once_alone) {
  ASSERT_NO_FATAL_FAILURE(begin_work("at_least_once"));
  const Said said = eddy("state", "rebuild");
  EXPECT_EQ(said.code, 2) << said.text;
  EXPECT_THAT(said.text, HasSubstr("there is no changelog"));
}

}  // namespace
}  // namespace eddy
