// `eddy offsets`, as typed, on what the real program leaves behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "integration/eddy_commands.h"
#include "integration/running_graph.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class offsets_command : public EddyCommands {
 protected:
  nlohmann::json shown() {
    const Said said = eddy("offsets", "show", {"--json"});
    EXPECT_EQ(said.code, 0) << said.text;
    // Between lines of the log, which are on the standard error.
    const std::size_t begin = said.text.find("[\n");
    const std::size_t end = said.text.rfind("]\n");
    if (begin > end || end == std::string::npos) {
      ADD_FAILURE() << "no JSON: " << said.text;
      return nlohmann::json::array();
    }
    return nlohmann::json::parse(said.text.substr(begin, end + 1 - begin), nullptr, false);
  }

  /// What all partitions have there together.
  std::int64_t sum(const char* field) {
    std::int64_t sum = 0;
    for (const auto& one : shown()) sum += one.at(field).get<std::int64_t>();
    return sum;
  }

  /// `eddy run` until nothing is left to be read, and a clean stop; says in its last line how much it read.
  /// What is read again changes no profile, so that not every record makes a recommendation.
  std::string last_line_of_run_to_the_end() {
    const auto running = start(kProcess);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (sum("lag") > 0) {
      if (std::chrono::steady_clock::now() > deadline || running->has_ended()) return "it does not read all";
    }
    EXPECT_EQ(running->stop(), (ProcessEnd{0, 0}));
    return running->last_line();
  }

  Said set(const std::string& to, std::vector<std::string> rest = {}) {
    rest.insert(rest.begin(), {"--to", to});
    return eddy("offsets", "set", rest);
  }

  /// How many records of a partition lie behind that offset.
  std::size_t behind(const std::string& topic, std::int32_t partition, std::int64_t offset) {
    std::size_t count = 0;
    for (const StoredMessage& message : work().broker().read(topic)) {
      count += message.partition == partition && message.offset >= offset ? 1 : 0;
    }
    return count;
  }
};

TEST_F(offsets_command, show_says_where_each_partition_is_read_on) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  for (const auto& one : shown()) {
    EXPECT_TRUE(one.at("state").is_null() && one.at("group").is_null()) << one;
    EXPECT_EQ(one.at("next"), 0);
    EXPECT_EQ(one.at("lag"), one.at("end"));
  }
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords));
  const auto after = shown();
  ASSERT_EQ(after.size(), work().topics().size() * ProofWork::kPartitions);
  for (const auto& one : after) {
    const std::size_t records = behind(one.at("topic"), one.at("partition"), 0);
    for (const char* field : {"next", "state", "group", "end"}) EXPECT_EQ(one.at(field), records) << one;
    EXPECT_EQ(one.at("beginning"), 0);
    EXPECT_EQ(one.at("lag"), 0);
  }
  const Said table = eddy("offsets", "show");
  EXPECT_THAT(table.text, HasSubstr("partition"));
  EXPECT_THAT(table.text, HasSubstr(work().topics()[1] + "  "));
  work().produce_until(kRecords + kHeldBack);
  EXPECT_EQ(sum("lag"), kHeldBack);
  // An older store learns from its changelog.
  fs::remove_all(state());
  EXPECT_EQ(sum("next"), kRecords);
}

TEST_F(offsets_command, a_dry_run_changes_nothing) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords));
  const auto before = shown();
  const Said said = set("beginning");
  EXPECT_EQ(said.code, 0) << said.text;
  EXPECT_THAT(said.text, HasSubstr("in all: " + std::to_string(kRecords) + " read again, 0 skipped\n"));
  EXPECT_THAT(said.text, HasSubstr("nothing was changed"));
  EXPECT_EQ(shown(), before);
  EXPECT_EQ(eddy("state", "verify").code, 0);
  EXPECT_EQ(set("1000000000").code, 2);
  EXPECT_EQ(set("soon").code, 2);
  EXPECT_EQ(set("beginning", {"--topic", "no-such-topic"}).code, 2);
  EXPECT_EQ(set("beginning", {"--partition", "4"}).code, 2);
  EXPECT_EQ(shown(), before);
}

TEST_F(offsets_command, set_is_refused_while_someone_reads) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  const auto running = start(kProcess);
  ASSERT_TRUE(wait_for_records(kRecords, {running.get()}));
  const Said locked = set("beginning", {"--yes"});
  EXPECT_EQ(locked.code, 2) << locked.text;
  EXPECT_THAT(locked.text, HasSubstr("in use by process "));
  const Said elsewhere =
      set("beginning", {"--yes", "--set", "state.dir=" + (work().directory() / "else").string()});
  EXPECT_EQ(elsewhere.code, 2) << elsewhere.text;
  EXPECT_THAT(elsewhere.text, HasSubstr("the group is in use by "));
  EXPECT_THAT(set("beginning").text, HasSubstr("not now: "));
  ASSERT_EQ(running->stop(), (ProcessEnd{0, 0}));
  EXPECT_EQ(sum("next"), kRecords);
}

enum class Afterwards { kStateStays, kStateIsLost, kStateIsElsewhere };

class offsets_set : public offsets_command,
                    public testing::WithParamInterface<std::pair<const char*, Afterwards>> {};

TEST_P(offsets_set, reads_again_exactly_what_was_said) {
  const auto [delivery, afterwards] = GetParam();
  ASSERT_NO_FATAL_FAILURE(begin_work(delivery));
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords));
  const auto facts = stored_facts(state());
  const std::string topic = work().topics()[0];
  const std::size_t again = behind(topic, 3, 20);
  ASSERT_GT(again, 0U);
  std::vector<std::string> rest = {"--topic", topic, "--partition", "3", "--yes"};
  if (afterwards == Afterwards::kStateIsElsewhere) {
    rest.insert(rest.end(), {"--set", "state.dir=" + (work().directory() / "else").string()});
  }
  const Said said = set("20", rest);
  EXPECT_EQ(said.code, 0) << said.text;
  EXPECT_THAT(said.text, HasSubstr("in all: " + std::to_string(again) + " read again, 0 skipped\n"));
  EXPECT_THAT(said.text, HasSubstr("shard 3: done\n"));
  for (const auto& one : shown()) {
    const bool is_moved = one.at("topic") == topic && one.at("partition") == 3;
    EXPECT_EQ(one.at("next"), is_moved ? nlohmann::json(20) : one.at("end")) << one;
    if (afterwards != Afterwards::kStateIsElsewhere) {
      EXPECT_EQ(one.at("state"), one.at("next")) << one;
    }
    if (work().is_exactly_once()) {
      EXPECT_EQ(one.at("group"), one.at("next")) << one;
    }
  }
  if (work().is_exactly_once()) {
    EXPECT_EQ(eddy("state", "verify").code, 0);
  }
  if (afterwards == Afterwards::kStateIsLost) fs::remove_all(state());
  EXPECT_THAT(last_line_of_run_to_the_end(),
              HasSubstr("stopped; " + std::to_string(again) + " records are committed"));
  expect_same_facts(facts, stored_facts(state()));
  EXPECT_EQ(sum("lag"), 0);
}

TEST_P(offsets_set, skips_exactly_what_was_said) {
  const auto [delivery, afterwards] = GetParam();
  ASSERT_NO_FATAL_FAILURE(begin_work(delivery));
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords));
  work().produce_until(kRecords + kHeldBack);
  std::vector<std::string> rest = {"--yes"};
  if (afterwards == Afterwards::kStateIsElsewhere) {
    rest.insert(rest.end(), {"--set", "state.dir=" + (work().directory() / "else").string()});
  }
  const Said said = set("2100-01-01T00:00:00Z", rest);  // behind the last record
  EXPECT_EQ(said.code, 0) << said.text;
  EXPECT_THAT(said.text, HasSubstr("in all: 0 read again, " + std::to_string(kHeldBack) + " skipped\n"));
  if (afterwards == Afterwards::kStateIsLost) fs::remove_all(state());
  EXPECT_EQ(sum("lag"), 0);
  work().produce_until(kRecords + 2 * kHeldBack);
  ASSERT_NO_FATAL_FAILURE(run_until(kRecords + kHeldBack));
}

std::string name_of(const testing::TestParamInfo<std::pair<const char*, Afterwards>>& tested) {
  constexpr std::array<const char*, 3> kNames = {"state_stays", "state_is_lost", "state_is_elsewhere"};
  return std::string(tested.param.first) + "_" + kNames.at(static_cast<std::size_t>(tested.param.second));
}

INSTANTIATE_TEST_SUITE_P(all, offsets_set,
                         testing::Values(std::pair("exactly_once", Afterwards::kStateStays),
                                         std::pair("exactly_once", Afterwards::kStateIsLost),
                                         std::pair("exactly_once", Afterwards::kStateIsElsewhere),
                                         std::pair("at_least_once", Afterwards::kStateStays)),
                         name_of);

TEST_F(offsets_command, a_first_start_begins_where_it_was_set) {
  ASSERT_NO_FATAL_FAILURE(begin_work());
  const Said said = set("end", {"--yes"});
  EXPECT_EQ(said.code, 0) << said.text;
  EXPECT_THAT(said.text, HasSubstr(std::to_string(kRecords) + " skipped\n"));
  work().produce_until(kRecords + kHeldBack);
  ASSERT_NO_FATAL_FAILURE(run_until(kHeldBack));
}

}  // namespace
}  // namespace eddy
