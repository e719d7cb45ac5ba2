#include "model/comparison/finished_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eddy {
namespace {

using testing::HasSubstr;

FinishedRun some_run() {
  FinishedRun run;
  run.key = {"session", 7, std::nullopt};
  run.epochs = 12;
  run.training_seconds = 3.25;
  run.loss = 0.125;
  run.validation_loss = 0.25;
  run.refreshes = 40;
  run.refresh_microseconds = 17.5;
  run.hits = {{{0, 1, 31}, {2, 9, 10}, {16, 0, 0}}};
  return run;
}

TEST(FinishedRun, comes_back_from_its_json) {
  const FinishedRun run = some_run();
  const auto back = parse_run(to_json(run), 3);
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->key, run.key);
  EXPECT_EQ(back->epochs, 12U);
  EXPECT_DOUBLE_EQ(back->training_seconds, 3.25);
  EXPECT_DOUBLE_EQ(back->validation_loss, 0.25);
  EXPECT_EQ(back->refreshes, 40U);
  EXPECT_DOUBLE_EQ(back->refresh_microseconds, 17.5);
  EXPECT_EQ(back->hits, run.hits);
  EXPECT_THAT(to_json(run), HasSubstr("\"everything\": \"01v\""));
}

TEST(FinishedRun, without_a_channel_has_one_test) {
  FinishedRun run = some_run();
  run.key.without = Channel::kCalls;
  run.hits = {{{0, 1, 31}, {}, {}}};
  EXPECT_EQ(run.key.name(), "session-seed-7-without-calls");
  const auto back = parse_run(to_json(run), 3);
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->key, run.key);
  EXPECT_TRUE(back->hits_at(TestChannels::kWithoutCalls).empty());
}

TEST(FinishedRun, that_is_impossible_says_why) {
  FinishedRun run;
  run.key = {"conversation", 1, Channel::kCalls};
  run.impossible = "there is nothing to learn from";
  const auto back = parse_run(to_json(run), 3);
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->impossible, run.impossible);
}

TEST(FinishedRun, of_other_events_or_broken_text_is_refused) {
  const std::string json = to_json(some_run());
  EXPECT_FALSE(parse_run(json, 4));
  EXPECT_FALSE(parse_run(json.substr(0, json.size() / 2), 3));
  EXPECT_FALSE(parse_run("{}", 3));
  std::string letter = json;
  letter.replace(letter.find("01v"), 3, "01w");
  EXPECT_FALSE(parse_run(letter, 3));
  FinishedRun lacking = some_run();
  lacking.hits[1].clear();
  const auto refused = parse_run(to_json(lacking), 3);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kUser);
}

}  // namespace
}  // namespace eddy
