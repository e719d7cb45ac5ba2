// What a KafkaSink and the creation of topics do with a real broker beyond the contract of sinks.
#include "pipeline/kafka/kafka_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "fakes/eventually.h"
#include "fakes/recording_handler.h"
#include "fakes/test_broker.h"
#include "pipeline/kafka/topic_admin.h"

namespace eddy {
namespace {

using testing::HasSubstr;

class kafka_sink : public testing::Test {
 protected:
  void SetUp() override {
    EDDY_NEEDS_BROKER();
    broker_ = std::make_unique<TestBroker>();
  }
  std::unique_ptr<TestBroker> broker_;
};

TEST_F(kafka_sink, a_shard_writes_to_the_partition_of_its_number) {
  const auto topic = broker_->create_topic("by-shard", 4);
  KafkaSink sink({broker_->cluster(), topic, 4});
  ASSERT_THAT(sink.open(), Succeeds());
  for (std::int32_t shard = 0; shard < 4; ++shard) {
    ASSERT_THAT(sink.write(ShardId(shard), "the same user", std::to_string(shard)), Succeeds());
    ASSERT_THAT(sink.flush(ShardId(shard)), Succeeds());
  }
  for (const auto& message : broker_->read(topic))
    EXPECT_EQ(message.value, std::to_string(message.partition));
  EXPECT_EQ(sink.delivered(), (std::map<std::int32_t, std::uint64_t>{{0, 1}, {1, 1}, {2, 1}, {3, 1}}));
}

TEST_F(kafka_sink, with_another_partition_count_the_key_decides_as_in_kafka) {
  const auto topic = broker_->create_topic("by-key", 3);
  KafkaSink sink({broker_->cluster(), topic, 4});
  ASSERT_THAT(sink.open(), Succeeds());
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(sink.write(ShardId(i % 4), "user-" + std::to_string(i % 10), "v"), Succeeds());
  }
  ASSERT_THAT(sink.close(), Succeeds());
  std::map<std::string, std::set<std::int32_t>> partitions_of;
  std::set<std::int32_t> used;
  for (const auto& message : broker_->read(topic)) {
    partitions_of[message.key].insert(message.partition);
    used.insert(message.partition);
  }
  EXPECT_EQ(partitions_of.size(), 10U);
  for (const auto& [key, partitions] : partitions_of) EXPECT_EQ(partitions.size(), 1U) << key;
  EXPECT_GT(used.size(), 1U);
}

TEST_F(kafka_sink, a_dead_letter_carries_its_place_in_headers) {
  const auto topic = broker_->create_topic("dead", 1);
  KafkaSink sink({broker_->cluster(), topic, 0});
  ASSERT_THAT(sink.open(), Succeeds());
  ASSERT_THAT(sink.write_dead_letter({{TopicName("web"), 2, 41}, "time is missing", "user", "{\xff"}),
              Succeeds());
  ASSERT_THAT(sink.flush(ShardId(2)), Succeeds());
  const auto messages = broker_->read(topic);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].headers, (std::map<std::string, std::string>{{"eddy.topic", "web"},
                                                                     {"eddy.partition", "2"},
                                                                     {"eddy.offset", "41"},
                                                                     {"eddy.reason", "time is missing"}}));
  EXPECT_EQ(messages[0].value, "{\xff");
}

TEST_F(kafka_sink, a_full_queue_makes_the_writer_wait) {
  const auto topic = broker_->create_topic("full", 1);
  KafkaOptions cluster = broker_->cluster();
  cluster.properties = {{"queue.buffering.max.messages", "10"}};
  KafkaSink sink({cluster, topic, 0});
  ASSERT_THAT(sink.open(), Succeeds());
  for (int i = 0; i < 1000; ++i) ASSERT_THAT(sink.write(ShardId(0), "user", std::to_string(i)), Succeeds());
  ASSERT_THAT(sink.flush(ShardId(0)), Succeeds());
  const auto messages = broker_->read(topic);
  ASSERT_EQ(messages.size(), 1000U);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(messages[static_cast<std::size_t>(i)].value, std::to_string(i));
}

TEST_F(kafka_sink, a_failed_delivery_comes_out_of_its_shards_flush) {
  const auto topic = broker_->create_topic("gone", 1);
  KafkaOptions cluster = broker_->cluster();
  cluster.properties = {{"message.timeout.ms", "2000"}, {"topic.metadata.propagation.max.ms", "100"}};
  KafkaSink sink({cluster, topic, 0});
  ASSERT_THAT(sink.open(), Succeeds());
  broker_->delete_topic(topic);
  // The broker answers a deletion before its log is closed: it may still take messages for a moment.
  Result<void> flushed;
  std::uint64_t taken = 0;
  const auto is_refused = [&] {
    taken = sink.delivered()[1];
    EXPECT_THAT(sink.write(ShardId(1), "user", "lost"), Succeeds());
    flushed = sink.flush(ShardId(1));
    return !flushed;
  };
  ASSERT_TRUE(eventually(is_refused));
  EXPECT_EQ(flushed.error().remedy, Remedy::kStop);
  EXPECT_EQ(flushed.error().where, topic);
  EXPECT_THAT(sink.flush(ShardId(2)), Succeeds()) << "the other shards lost nothing";
  EXPECT_THAT(sink.flush(ShardId(1)), Succeeds()) << "a failure is told once";
  EXPECT_EQ(sink.delivered().at(1), taken) << "what was refused does not count as delivered";
}

TEST_F(kafka_sink, a_message_that_is_too_large_is_refused) {
  const auto topic = broker_->create_topic("large", 1);
  KafkaSink sink({broker_->cluster(), topic, 0});
  ASSERT_THAT(sink.open(), Succeeds());
  const auto wrote = sink.write(ShardId(0), "user", std::string(2'000'000, 'x'));
  ASSERT_FALSE(wrote);
  EXPECT_THAT(wrote.error().message, HasSubstr("message.max.bytes"));
  EXPECT_THAT(sink.flush(ShardId(0)), Succeeds());
}

TEST_F(kafka_sink, refuses_a_topic_that_does_not_exist) {
  const std::string missing = TestBroker::unique_name("missing");
  KafkaSink sink({broker_->cluster(), missing, 0});
  const auto opened = sink.open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr(missing));
  EXPECT_THAT(opened.error().message, HasSubstr("eddy topics create"));
}

class topic_admin : public kafka_sink {};

TEST_F(topic_admin, creates_what_is_absent_and_says_what_existed) {
  const auto existing = broker_->create_topic("existing", 4);
  const std::string fresh = TestBroker::unique_name("fresh");
  const auto outcomes = create_topics(
      broker_->cluster(), {{existing, 4, -1, {}}, {fresh, 4, -1, {{"cleanup.policy", "compact"}}}});
  ASSERT_THAT(outcomes, Succeeds());
  ASSERT_EQ(outcomes->size(), 2U);
  EXPECT_FALSE(outcomes->at(0).was_created);
  EXPECT_TRUE(outcomes->at(1).was_created);
  const auto counts = existing_topics(broker_->cluster(), {existing, fresh});
  ASSERT_THAT(counts, Succeeds());
  EXPECT_EQ(*counts, (std::map<std::string, std::int32_t>{{existing, 4}, {fresh, 4}}));
  broker_->delete_topic(fresh);
}

TEST_F(topic_admin, refuses_another_partition_count_and_creates_nothing) {
  const auto existing = broker_->create_topic("existing", 3);
  const std::string fresh = TestBroker::unique_name("fresh");
  const auto outcomes = create_topics(broker_->cluster(), {{fresh, 4, -1, {}}, {existing, 4, -1, {}}});
  ASSERT_FALSE(outcomes);
  EXPECT_EQ(outcomes.error().fault, Fault::kUser);
  EXPECT_THAT(outcomes.error().message, HasSubstr(existing + " has 3 partitions instead of 4"));
  EXPECT_EQ(existing_topics(broker_->cluster(), {fresh}).value().size(), 0U);
}

TEST_F(topic_admin, passes_on_why_the_cluster_refuses) {
  const auto refused = create_topics(
      broker_->cluster(), {{TestBroker::unique_name("bad"), 1, -1, {{"cleanup.policy", "sometimes"}}}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kUser);
  EXPECT_THAT(refused.error().message, HasSubstr("cleanup.policy"));
  EXPECT_FALSE(create_topics(broker_->cluster(), {{"", 1, -1, {}}}));
  EXPECT_FALSE(create_topics(broker_->cluster(), {{"x", 0, -1, {}}}));
}

}  // namespace
}  // namespace eddy
