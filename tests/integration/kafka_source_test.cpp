// What a KafkaSource does with a real broker beyond the contract of sources.
#include "pipeline/kafka/kafka_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fakes/recording_handler.h"
#include "fakes/test_broker.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::chrono::milliseconds kShort{20};

class kafka_source : public testing::Test {
 protected:
  void SetUp() override {
    EDDY_NEEDS_BROKER();
    broker_ = std::make_unique<TestBroker>();
  }
  KafkaSourceOptions options(std::vector<std::string> topics, bool bounded = true) const {
    KafkaSourceOptions out;
    out.cluster = broker_->cluster();
    out.topics = std::move(topics);
    out.group = TestBroker::unique_name("group");
    out.bounded = bounded;
    return out;
  }
  /// "0", "1", … in partition 0.
  std::string numbered_topic(int count) {
    const std::string topic = broker_->create_topic("numbered", 1);
    std::vector<StoredMessage> messages;
    for (int i = 0; i < count; ++i) messages.push_back({0, 0, "user", std::to_string(i), {}});
    broker_->produce_all(topic, messages);
    return topic;
  }
  static std::vector<std::string> values(const RecordingHandler& handler) {
    std::vector<std::string> out;
    for (const auto& record : handler.records) out.push_back(record.value);
    return out;
  }
  std::vector<std::string> read(KafkaSourceOptions with) {
    KafkaSource source(std::move(with));
    EXPECT_THAT(source.open(), Succeeds());
    RecordingHandler handler;
    EXPECT_THAT(drain(source, handler), Succeeds());
    return values(handler);
  }
  Error refusal(const KafkaSourceOptions& with, const Positions& stored) {
    KafkaSource source(with);
    EXPECT_THAT(source.open(), Succeeds());
    RecordingHandler handler;
    handler.stored = stored;
    const auto drained = drain(source, handler);
    EXPECT_FALSE(drained);
    EXPECT_THAT(handler.records, IsEmpty());
    return drained ? Error{} : drained.error();
  }

  std::unique_ptr<TestBroker> broker_;
};

TEST_F(kafka_source, refuses_topics_with_different_partition_counts) {
  const auto four = broker_->create_topic("four", 4);
  const auto three = broker_->create_topic("three", 3);
  KafkaSource source(options({four, three}));
  const auto opened = source.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().fault, Fault::kUser);
  EXPECT_THAT(opened.error().message, HasSubstr(four + " has 4"));
  EXPECT_THAT(opened.error().message, HasSubstr(three + " has 3"));
  EXPECT_THAT(opened.error().message, HasSubstr("eddy topics create"));
}

TEST_F(kafka_source, names_the_topics_that_are_missing_and_creates_none) {
  const std::string missing = TestBroker::unique_name("missing");
  for (int i = 0; i < 2; ++i) {
    KafkaSource source(options({missing}));
    const auto opened = source.open();
    ASSERT_FALSE(opened) << "the first question must not have created the topic";
    EXPECT_THAT(opened.error().message, HasSubstr(missing));
  }
}

TEST_F(kafka_source, a_record_without_value_or_key_is_an_empty_one) {
  const auto topic = broker_->create_topic("null", 1);
  broker_->produce(topic, 0, "user", std::nullopt);
  broker_->produce(topic, 0, "", "value");
  KafkaSource source(options({topic}));
  ASSERT_THAT(source.open(), Succeeds());
  RecordingHandler handler;
  ASSERT_THAT(drain(source, handler), Succeeds());
  ASSERT_EQ(handler.records.size(), 2U);
  EXPECT_EQ(handler.records[0].value, "");
  EXPECT_TRUE(handler.records[0].has_key);
  EXPECT_EQ(handler.records[1].key, "");
}

TEST_F(kafka_source, a_bounded_source_ends_behind_transaction_markers) {
  const auto topic = broker_->create_topic("transactions", 2);
  broker_->produce_in_transaction(topic, 0, "user", "one");
  broker_->produce_in_transaction(topic, 0, "user", "two");
  EXPECT_THAT(read(options({topic})), ElementsAre("one", "two"));
}

TEST_F(kafka_source, a_bounded_source_leaves_out_what_comes_after_open) {
  const auto topic = numbered_topic(3);
  KafkaSource source(options({topic}));
  ASSERT_THAT(source.open(), Succeeds());
  broker_->produce(topic, 0, "user", "late");
  RecordingHandler handler;
  ASSERT_THAT(drain(source, handler), Succeeds());
  EXPECT_THAT(values(handler), ElementsAre("0", "1", "2"));
}

TEST_F(kafka_source, from_and_to_may_be_offsets) {
  auto with = options({numbered_topic(10)}, false);
  with.from = "3";
  with.to = "6";
  EXPECT_THAT(read(with), ElementsAre("3", "4", "5"));
  with.from = "8";
  with.to = "1000";
  EXPECT_THAT(read(with), ElementsAre("8", "9"));
  with.from = "end";
  EXPECT_THAT(read(with), IsEmpty());
}

TEST_F(kafka_source, from_and_to_may_be_times) {
  const auto topic = broker_->create_topic("times", 1);
  for (int i = 0; i < 5; ++i)
    broker_->produce(topic, 0, "user", std::to_string(i), 1'700'000'000'000 + i * 1000);
  auto with = options({topic}, false);
  with.from = "2023-11-14T22:13:21Z";  // 1'700'000'001
  with.to = "2023-11-14T22:13:23Z";
  EXPECT_THAT(read(with), ElementsAre("1", "2"));
  with.from = "2030-01-01T00:00:00Z";
  with.to = "2031-01-01T00:00:00Z";
  EXPECT_THAT(read(with), IsEmpty());
}

TEST_F(kafka_source, refuses_a_state_whose_next_records_retention_deleted) {
  const auto topic = numbered_topic(10);
  broker_->delete_records_before(topic, 0, 5);
  const Error error = refusal(options({topic}), {{{topic, 0}, 3}});
  EXPECT_EQ(error.where, topic + "/0");
  EXPECT_THAT(error.message, HasSubstr("begins at 5"));
  EXPECT_THAT(read(options({topic})), ElementsAre("5", "6", "7", "8", "9")) << "without state it is no error";
}

TEST_F(kafka_source, refuses_a_state_without_a_position_for_a_topic_that_lost_records) {
  const auto busy = numbered_topic(10);
  const auto other = numbered_topic(10);
  broker_->delete_records_before(other, 0, 5);
  const Error error = refusal(options({busy, other}), {{{busy, 0}, 3}});
  EXPECT_EQ(error.where, other + "/0");
}

TEST_F(kafka_source, reads_a_topic_unknown_to_the_state_from_its_first_record) {
  const auto busy = numbered_topic(2);
  const auto quiet = numbered_topic(2);
  auto with = options({busy, quiet});
  with.from = "end";
  KafkaSource source(with);
  ASSERT_THAT(source.open(), Succeeds());
  RecordingHandler handler;
  handler.stored = {{{busy, 0}, 2}};
  ASSERT_THAT(drain(source, handler), Succeeds());
  EXPECT_THAT(values(handler), ElementsAre("0", "1"));
  EXPECT_EQ(handler.records[0].topic, quiet);
}

TEST_F(kafka_source, the_group_reads_on_and_shows_its_lag) {
  const auto topic = numbered_topic(10);
  const auto with = options({topic}, false);
  KafkaSource source(with);
  ASSERT_THAT(source.open(), Succeeds());
  RecordingHandler handler;
  ASSERT_TRUE(poll_until(source, handler, [&] { return handler.records.size() == 10; }));
  EXPECT_EQ(source.lag(), (std::map<std::int32_t, std::int64_t>{{0, 0}}));
  broker_->produce(topic, 0, "user", "more");
  ASSERT_TRUE(poll_until(source, handler, [&] { return handler.records.size() == 11; }));
  EXPECT_EQ(source.progress().total, 0U) << "an unbounded source has no end to come near to";

  ASSERT_THAT(source.committed({{{topic, 0}, 7}, {{"a topic of others", 0}, 3}}), Succeeds());
  EXPECT_TRUE(poll_until(source, handler, [&] { return broker_->committed(with.group, topic, 0) == 7; }));
  source.close();
  EXPECT_THAT(source.lag(), IsEmpty());
}

TEST_F(kafka_source, what_the_group_committed_does_not_move_the_start) {
  const auto topic = numbered_topic(5);
  const auto with = options({topic}, false);
  {
    KafkaSource source(with);
    ASSERT_THAT(source.open(), Succeeds());
    RecordingHandler handler;
    ASSERT_TRUE(poll_until(source, handler, [&] { return handler.records.size() == 5; }));
    ASSERT_THAT(source.committed({{{topic, 0}, 5}}), Succeeds());
    ASSERT_TRUE(poll_until(source, handler, [&] { return broker_->committed(with.group, topic, 0) == 5; }));
  }
  KafkaSource source(with);
  ASSERT_THAT(source.open(), Succeeds());
  RecordingHandler handler;
  handler.stored = {{{topic, 0}, 2}};
  ASSERT_TRUE(poll_until(source, handler, [&] { return handler.records.size() >= 3; }));
  EXPECT_THAT(values(handler), ElementsAre("2", "3", "4"));
}

// A reader that takes what comes would have read the small topic to its end long before the large one.
TEST_F(kafka_source, topics_are_read_in_the_order_of_their_times) {
  constexpr std::int64_t kStart = 1'700'000'000'000;
  const auto large = broker_->create_topic("large", 2), small = broker_->create_topic("small", 2);
  const auto fill = [&](const std::string& topic, int count, std::int64_t first, std::int64_t step) {
    std::vector<StoredMessage> messages;
    for (int i = 0; i < count; ++i) {
      const std::int64_t time = first + i * step;
      messages.push_back({i % 2, 0, "user", std::to_string(time) + std::string(300, '.'), {}, time});
    }
    broker_->produce_all(topic, messages);
  };
  fill(large, 4000, kStart, 10);
  fill(small, 400, kStart + 5, 100);
  auto with = options({large, small});
  with.merge_patience = std::chrono::minutes(1);
  // Several fetches of each partition, of which it keeps few at a time.
  with.cluster.properties = {{"fetch.message.max.bytes", "20000"}, {"queued.max.messages.kbytes", "64"}};
  const auto read_values = read(with);
  ASSERT_EQ(read_values.size(), 4400U);
  EXPECT_TRUE(std::is_sorted(read_values.begin(), read_values.end()));
}

TEST_F(kafka_source, a_quiet_topic_holds_up_nobody) {
  const auto busy = numbered_topic(10);
  const auto quiet = broker_->create_topic("quiet", 1);
  broker_->produce_in_transaction(quiet, 0, "user", "quiet");  // ends in a marker, which is never read
  auto with = options({busy, quiet}, false);
  with.merge_patience = std::chrono::hours(1);
  KafkaSource source(with);
  ASSERT_THAT(source.open(), Succeeds());
  RecordingHandler handler;
  ASSERT_TRUE(poll_until(source, handler, [&] { return handler.records.size() == 11; }));
  broker_->produce(busy, 0, "user", "more");
  ASSERT_TRUE(poll_until(source, handler, [&] { return handler.records.size() == 12; }));
  EXPECT_EQ(handler.records.back().value, "more");
}

TEST_F(kafka_source, a_long_pause_keeps_the_order_and_loses_nothing) {
  const auto topic = numbered_topic(2000);
  KafkaSource source(options({topic}));
  ASSERT_THAT(source.open(), Succeeds());
  RecordingHandler handler;
  handler.after_record = [&] {
    if (handler.records.size() == 500) source.pause();
  };
  ASSERT_TRUE(poll_until(source, handler, [&] { return handler.records.size() == 500; }));
  // Longer than a pause that only leaves the records where they are.
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1300);
  while (std::chrono::steady_clock::now() < end) ASSERT_THAT(source.poll(handler, kShort), Succeeds());
  EXPECT_EQ(handler.records.size(), 500U);
  source.resume();
  ASSERT_THAT(drain(source, handler), Succeeds());
  ASSERT_EQ(handler.records.size(), 2000U);
  for (std::size_t i = 0; i < 2000; ++i) ASSERT_EQ(handler.records[i].offset, static_cast<std::int64_t>(i));
}

}  // namespace
}  // namespace eddy
