#include "app/offsets/offset_moves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eddy {
namespace {

using testing::HasSubstr;

PartitionOffsets at(const char* topic, std::int32_t partition, std::int64_t next, bool is_committed = true) {
  PartitionOffsets one{{topic, partition}};
  one.first = 100;
  one.end = 200;
  one.next = next;
  one.is_committed = is_committed;
  return one;
}

TEST(OffsetMove, counts_what_is_read_again_and_skipped) {
  const OffsetMove back{at("web", 0, 150), 120};
  EXPECT_EQ(back.read_again(), 30);
  EXPECT_EQ(back.skipped(), 0);
  EXPECT_EQ(to_text(back), "web/0: 150 → 120, 30 records read again");
  const OffsetMove ahead{at("web", 0, 150), 151};
  EXPECT_EQ(ahead.skipped(), 1);
  EXPECT_EQ(to_text(ahead), "web/0: 150 → 151, 1 record skipped");
  EXPECT_EQ(to_text({at("web", 0, 150), 150}), "web/0: stays at 150");
  EXPECT_EQ(to_text({at("web", 0, 200, false), 200}), "web/0: stays at 200, where it would begin");
}

TEST(OffsetMove, records_that_are_gone_are_neither_read_again_nor_skipped) {
  EXPECT_EQ((OffsetMove{at("web", 0, 40), 130}.skipped()), 30);
  EXPECT_EQ((OffsetMove{at("web", 0, 40), 100}.skipped()), 0);
  EXPECT_EQ(to_text({at("web", 0, 40), 100}), "web/0: 40 → 100, no record between them");
  EXPECT_EQ((OffsetMove{at("web", 0, 5000), 190}.read_again()), 10);
}

TEST(OffsetMove, a_place_outside_of_the_log_is_refused) {
  for (const std::int64_t to : {99, 201}) {
    const auto moves = plan_moves({at("web", 3, 150)}, {{{"web", 3}, to}});
    ASSERT_FALSE(moves);
    EXPECT_EQ(moves.error().fault, Fault::kUser);
    EXPECT_EQ(moves.error().where, "web/3");
    EXPECT_THAT(moves.error().message, HasSubstr("from 100 to 200"));
  }
  EXPECT_TRUE(plan_moves({at("web", 3, 150)}, {{{"web", 3}, 200}}));
}

TEST(OffsetMove, partitions_are_chosen_by_topic_and_number) {
  const std::vector<PartitionOffsets> all = {at("web", 0, 1), at("web", 1, 1), at("calls", 0, 1),
                                             at("calls", 1, 1)};
  EXPECT_EQ(chosen(all, {})->size(), 4U);
  EXPECT_EQ(chosen(all, {"web", std::nullopt})->size(), 2U);
  EXPECT_EQ(chosen(all, {"", 1})->size(), 2U);
  EXPECT_EQ(chosen(all, {"calls", 1})->front().partition, TopicPartition("calls", 1));
  EXPECT_THAT(chosen(all, {"none", 1}).error().message, HasSubstr("'none'"));
  EXPECT_THAT(chosen(all, {"web", 2}).error().message, HasSubstr("the last one is 1"));
}

TEST(OffsetMove, a_shard_of_which_nothing_changes_gets_no_positions) {
  const std::vector<PartitionOffsets> all = {at("web", 0, 150), at("calls", 0, 150, false)};
  EXPECT_TRUE(positions_of(0, {{all[0], 150}}, all).empty());
  EXPECT_TRUE(positions_of(1, {{all[0], 120}}, all).empty());
}

TEST(OffsetMove, a_topic_without_a_position_keeps_its_beginning) {
  const std::vector<PartitionOffsets> all = {at("web", 0, 150), at("calls", 0, 200, false),
                                             at("purchases", 0, 0, false), at("calls", 1, 200, false)};
  // Of 'purchases' the start has been deleted: only a start may say that that is an error.
  const Positions expected = {{{"web", 0}, 120}, {{"calls", 0}, 200}};
  EXPECT_EQ(positions_of(0, {{all[0], 120}}, all), expected);
}

TEST(OffsetMove, a_place_that_was_only_the_default_is_made_firm) {
  const std::vector<PartitionOffsets> all = {at("web", 0, 200, false)};
  EXPECT_EQ(positions_of(0, {{all[0], 200}}, all), (Positions{{{"web", 0}, 200}}));
}

}  // namespace
}  // namespace eddy
