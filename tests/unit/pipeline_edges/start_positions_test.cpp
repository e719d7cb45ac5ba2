#include "pipeline/kafka/start_positions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eddy {
namespace {

using testing::HasSubstr;

const TopicPartition kWeb{"web", 3};
const TopicPartition kCalls{"calls", 3};

LogRanges ranges(std::int64_t web_first, std::int64_t web_end, std::int64_t calls_first,
                 std::int64_t calls_end) {
  LogRanges out;
  out.first = {{kWeb, web_first}, {kCalls, calls_first}};
  out.end = {{kWeb, web_end}, {kCalls, calls_end}};
  out.default_start = out.first;
  return out;
}

TEST(start_positions, a_shard_without_state_begins_at_the_default) {
  LogRanges logs = ranges(5, 50, 0, 0);
  logs.default_start[kWeb] = 20;
  const auto starts = start_positions({kWeb, kCalls}, {}, logs);
  ASSERT_TRUE(starts);
  EXPECT_EQ(*starts, (Positions{{kWeb, 20}, {kCalls, 0}}));
}

TEST(start_positions, state_goes_before_the_default) {
  LogRanges logs = ranges(5, 50, 0, 10);
  logs.default_start[kWeb] = 20;
  const auto starts = start_positions({kWeb, kCalls}, {{kWeb, 7}, {kCalls, 10}}, logs);
  ASSERT_TRUE(starts);
  EXPECT_EQ(*starts, (Positions{{kWeb, 7}, {kCalls, 10}}));
}

TEST(start_positions, a_quiet_topic_begins_at_its_beginning_whatever_the_default) {
  LogRanges logs = ranges(5, 50, 0, 10);
  logs.default_start = logs.end;
  const auto starts = start_positions({kWeb, kCalls}, {{kWeb, 7}}, logs);
  ASSERT_TRUE(starts);
  EXPECT_EQ(starts->at(kCalls), 0);
}

TEST(start_positions, a_topic_unknown_to_the_state_that_lost_records_is_refused) {
  const auto starts = start_positions({kWeb, kCalls}, {{kWeb, 7}}, ranges(5, 50, 2, 10));
  ASSERT_FALSE(starts);
  EXPECT_EQ(starts.error().where, "calls/3");
  EXPECT_THAT(starts.error().message, HasSubstr("do not fit"));
}

TEST(start_positions, a_position_that_retention_deleted_is_refused) {
  const auto starts = start_positions({kWeb}, {{kWeb, 4}}, ranges(5, 50, 0, 0));
  ASSERT_FALSE(starts);
  EXPECT_EQ(starts.error().fault, Fault::kUser);
  EXPECT_THAT(starts.error().message, HasSubstr("begins at 5"));
}

TEST(start_positions, a_position_behind_the_end_is_refused) {
  EXPECT_TRUE(start_positions({kWeb}, {{kWeb, 50}}, ranges(5, 50, 0, 0)));
  const auto starts = start_positions({kWeb}, {{kWeb, 51}}, ranges(5, 50, 0, 0));
  ASSERT_FALSE(starts);
  EXPECT_THAT(starts.error().message, HasSubstr("ends at 50"));
}

TEST(topic_point, reads_what_a_person_writes) {
  EXPECT_TRUE(std::holds_alternative<TopicBeginning>(parse_topic_point("beginning").value()));
  EXPECT_TRUE(std::holds_alternative<TopicEnd>(parse_topic_point("end").value()));
  EXPECT_EQ(std::get<std::int64_t>(parse_topic_point("1234").value()), 1234);
  EXPECT_EQ(std::get<EventTime>(parse_topic_point("1970-01-01T00:00:01Z").value()), EventTime{1000});
  for (const char* wrong : {"", "latest", "-1", "12x", "99999999999999999999", "2026-03-01"}) {
    EXPECT_FALSE(parse_topic_point(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace eddy
