#include "event/batch.h"

#include <gtest/gtest.h>

#include <string>

namespace eddy {
namespace {

TEST(Batch, keeps_bytes_of_all_records_while_it_grows) {
  Batch batch(ShardId(3));
  const TopicName web("web");
  for (int i = 0; i < 1000; ++i) {
    batch.add({web, 3, i}, "user-" + std::to_string(i), true, std::string(static_cast<std::size_t>(i), 'x'),
              {});
  }
  for (int i = 0; i < 1000; ++i) {
    const Record& record = batch.records()[static_cast<std::size_t>(i)];
    ASSERT_EQ(batch.key(record), "user-" + std::to_string(i));
    ASSERT_EQ(batch.value(record).size(), static_cast<std::size_t>(i));
    ASSERT_EQ(record.position.offset, i);
  }
}

TEST(Batch, refused_record_keeps_its_bytes_and_place_after_reset) {
  Batch batch(ShardId(0));
  batch.add({TopicName("calls"), 0, 7}, "u", true, "not JSON", {});
  batch.refuse(batch.records()[0], "no JSON");
  const DeadLetter letter = batch.dead_letters.at(0);
  batch.reset(ShardId(1));
  EXPECT_TRUE(batch.dead_letters.empty());
  EXPECT_TRUE(batch.records().empty());
  EXPECT_EQ(letter.value, "not JSON");
  EXPECT_EQ(letter.position.topic.str(), "calls");
  EXPECT_EQ(letter.position.offset, 7);
}

TEST(TopicName, same_name_is_the_same_topic) {
  EXPECT_EQ(TopicName("web"), TopicName(std::string("w") + "eb"));
  EXPECT_FALSE(TopicName("web") == TopicName("calls"));
  EXPECT_EQ(TopicName().str(), "");
}

}  // namespace
}  // namespace eddy
