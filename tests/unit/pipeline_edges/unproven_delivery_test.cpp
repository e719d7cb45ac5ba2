// A broker that refuses a producer's first request for a partition and accepts the second, as one does that
// learns of a new partition in between. Librdkafka takes the second answer for both. Its own broker of mock
// answers here, since a real one does it once in a hundred times.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
// Behind rdkafka.h, which it does not include.
#include <librdkafka/rdkafka_mock.h>

#include <memory>
#include <string>

#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/kafka_sink.h"
#include "pipeline/kafka/transactional_producer.h"

namespace eddy {
namespace {

constexpr std::int16_t kProduce = 0;  // its number in the protocol
constexpr int kBroker = 1;
constexpr int kRoundTripMilliseconds = 200;  // long enough for a second request to be under way
constexpr int kMessagesOfARequest = 3;
constexpr int kMessages = 10 * kMessagesOfARequest;

class unproven_delivery : public testing::Test {
 protected:
  void SetUp() override {
    RdConf conf(rd_kafka_conf_new());
    char reason[512];
    owner_ = RdClient(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), reason, sizeof reason));
    ASSERT_NE(owner_, nullptr) << reason;
    static_cast<void>(conf.release());
    cluster_.reset(rd_kafka_mock_cluster_new(owner_.get(), 1));
    ASSERT_NE(cluster_, nullptr);
    ASSERT_EQ(rd_kafka_mock_topic_create(cluster_.get(), "recommendations", 1, 1),
              RD_KAFKA_RESP_ERR_NO_ERROR);
    // Librdkafka 2.0 sends a further request while fewer than five messages are under way.
    options_ = {rd_kafka_mock_cluster_bootstraps(cluster_.get()),
                {{"batch.num.messages", std::to_string(kMessagesOfARequest)}},
                std::chrono::milliseconds(20'000)};
  }

  /// The next request of a producer for its messages is refused, those behind it are accepted.
  void refuse_one_request() {
    rd_kafka_mock_push_request_errors(cluster_.get(), kProduce, 1,
                                      RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
    ASSERT_EQ(rd_kafka_mock_broker_set_rtt(cluster_.get(), kBroker, kRoundTripMilliseconds),
              RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  struct Destroy {
    void operator()(rd_kafka_mock_cluster_t* cluster) const { rd_kafka_mock_cluster_destroy(cluster); }
  };
  RdClient owner_;
  std::unique_ptr<rd_kafka_mock_cluster_t, Destroy> cluster_;
  KafkaOptions options_;
};

TEST_F(unproven_delivery, fails_the_flush_of_a_sink) {
  KafkaSink sink({options_, "recommendations", 1});
  ASSERT_TRUE(sink.open());
  refuse_one_request();
  for (int i = 0; i < kMessages; ++i) ASSERT_TRUE(sink.write(ShardId(0), "user", std::to_string(i)));
  const auto flushed = sink.flush(ShardId(0));
  ASSERT_FALSE(flushed) << "messages that may be in no log count as written";
  EXPECT_EQ(flushed.error().remedy, Remedy::kRewind);
  EXPECT_EQ(flushed.error().fault, Fault::kExternal);
  // What comes afterwards is no part of it.
  ASSERT_TRUE(sink.write(ShardId(0), "user", "again"));
  const auto again = sink.flush(ShardId(0));
  EXPECT_TRUE(again) << to_string(again.error());
}

TEST_F(unproven_delivery, fails_a_transaction_before_its_commit) {
  auto opened = TransactionalProducer::open({options_, "eddy-0", std::chrono::milliseconds(60'000)},
                                            {[](const Error&) {}, [] { return false; }});
  ASSERT_TRUE(opened) << to_string(opened.error());
  TransactionalProducer& producer = **opened;
  auto topic = producer.topic("recommendations");
  ASSERT_TRUE(topic);
  auto conf = make_conf({options_.brokers, {}, options_.patience}, {}, {{"group.id", "eddy"}});
  ASSERT_TRUE(conf) << to_string(conf.error());
  const auto consumer = make_client(RD_KAFKA_CONSUMER, *std::move(conf), options_);
  ASSERT_TRUE(consumer);
  const RdGroupMetadata group(rd_kafka_consumer_group_metadata(consumer->get()));
  const auto write_and_send_offsets = [&]() -> Result<void> {
    EDDY_TRY(producer.begin());
    EDDY_TRY(producer.produce(topic->get(), {.partition = 0, .key = "user", .value = "42"}));
    return producer.send_offsets({{{"web", 0}, 42}}, group.get());
  };
  const auto proven = write_and_send_offsets();
  ASSERT_TRUE(proven) << to_string(proven.error());
  ASSERT_TRUE(producer.commit());

  // To a transactional producer the mock refuses the later requests, too. This answer is the other one that
  // librdkafka reports as a success without an offset.
  rd_kafka_mock_push_request_errors(cluster_.get(), kProduce, 1, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER);
  const auto unproven = write_and_send_offsets();
  ASSERT_FALSE(unproven) << "messages that may be in no log would be committed";
  EXPECT_EQ(unproven.error().remedy, Remedy::kRewind);
}

}  // namespace
}  // namespace eddy
