// What can be said about Kafka without a broker: configuration, errors, and a broker that is not there.
#include "pipeline/kafka/kafka_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/kafka/consumer_setup.h"
#include "pipeline/kafka/kafka_error.h"
#include "pipeline/kafka/kafka_sink.h"
#include "pipeline/kafka/kafka_source.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

KafkaOptions nowhere() {
  // Port 1 is never listened at.
  return {"127.0.0.1:1", {}, std::chrono::milliseconds(500)};
}

std::string refusal(std::map<std::string, std::string> properties) {
  KafkaOptions cluster = nowhere();
  cluster.properties = std::move(properties);
  const auto conf = make_conf(cluster, {}, {{"enable.auto.commit", "false"}});
  return conf ? "" : conf.error().message;
}

TEST(kafka_conf, takes_any_property_of_librdkafka) {
  EXPECT_EQ(refusal({{"fetch.min.bytes", "1000"}, {"security.protocol", "plaintext"}}), "");
}

TEST(kafka_conf, names_all_mistakes_at_once) {
  const std::string message = refusal({{"no.such.thing", "1"}, {"fetch.min.bytes", "many"}});
  EXPECT_THAT(message, HasSubstr("no.such.thing"));
  EXPECT_THAT(message, HasSubstr("fetch.min.bytes"));
}

TEST(kafka_conf, keeps_what_eddy_must_set) {
  EXPECT_THAT(refusal({{"enable.auto.commit", "true"}}), HasSubstr("set by Eddy itself"));
  EXPECT_THAT(refusal({{"bootstrap.servers", "elsewhere:1"}}), HasSubstr("given as brokers"));
}

TEST(kafka_conf, user_properties_go_over_defaults) {
  KafkaOptions cluster = nowhere();
  cluster.properties = {{"linger.ms", "77"}};
  const auto conf = make_conf(cluster, {{"linger.ms", "5"}}, {});
  ASSERT_TRUE(conf);
  char value[32];
  std::size_t size = sizeof value;
  ASSERT_EQ(rd_kafka_conf_get(conf->get(), "linger.ms", value, &size), RD_KAFKA_CONF_OK);
  EXPECT_EQ(std::stod(value), 77.0);
}

TEST(kafka_conf, an_error_never_shows_a_secret) {
  // The protocol does not fit the mechanism, so that librdkafka complains about properties beside the secret.
  const std::string secret = "hunter2-4711";
  EXPECT_THAT(refusal({{"ssl.key.pem", secret}, {"sasl.password", secret}, {"no.such.password", secret}}),
              Not(HasSubstr(secret)));
  EXPECT_THAT(refusal({{"no.such.password", secret}}), HasSubstr("no.such.password"));
}

TEST(kafka_source_without_broker, says_so_in_one_line) {
  KafkaSourceOptions options;
  options.cluster = nowhere();
  options.topics = {"web"};
  KafkaSource source(options);
  const auto opened = source.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().remedy, Remedy::kRetry);
  EXPECT_EQ(opened.error().where, "127.0.0.1:1");
  EXPECT_THAT(opened.error().message, HasSubstr("refused"));
  EXPECT_THAT(opened.error().message, HasSubstr("check that the brokers run"));
  EXPECT_EQ(opened.error().message.find('\n'), std::string::npos);
}

TEST(kafka_sink_without_broker, says_so_in_one_line) {
  KafkaSink sink({nowhere(), "out", 0});
  const auto opened = sink.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().remedy, Remedy::kRetry);
  EXPECT_THAT(opened.error().message, HasSubstr("does not answer"));
  EXPECT_FALSE(sink.write(ShardId(0), "key", "value"));
  EXPECT_TRUE(sink.close());
}

TEST(kafka_source_options, refuses_what_makes_no_sense) {
  KafkaSourceOptions options;
  options.cluster = nowhere();
  EXPECT_THAT(KafkaSource(options).open().error().message, HasSubstr("no topics"));
  options.topics = {"web", "web"};
  EXPECT_THAT(KafkaSource(options).open().error().message, HasSubstr("twice"));
  options.topics = {"web"};
  options.from = "yesterday";
  EXPECT_THAT(KafkaSource(options).open().error().message, HasSubstr("yesterday"));
  options.from = "beginning";
  options.group.clear();
  EXPECT_THAT(KafkaSource(options).open().error().message, HasSubstr("group"));
}

TEST(equal_partition_count, names_topics_and_counts) {
  EXPECT_EQ(equal_partition_count({"a", "b"}, {{"a", 4}, {"b", 4}}, "x").value(), 4);
  const auto differ = equal_partition_count({"a", "b"}, {{"a", 4}, {"b", 3}}, "x");
  EXPECT_THAT(differ.error().message, HasSubstr("a has 4, b has 3"));
  const auto missing = equal_partition_count({"a", "b", "c"}, {{"b", 3}}, "x");
  EXPECT_THAT(missing.error().message, HasSubstr("a, c"));
  EXPECT_THAT(missing.error().message, HasSubstr("eddy topics create"));
}

TEST(kafka_error, knows_what_may_be_tried_again) {
  EXPECT_EQ(kafka_error(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "x", "").remedy, Remedy::kRetry);
  EXPECT_EQ(kafka_error(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "x", "").remedy, Remedy::kStop);
  EXPECT_EQ(kafka_error(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "x", "").fault, Fault::kUser);
  EXPECT_EQ(kafka_error(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, "x", "").remedy, Remedy::kStop);
}

TEST(client_troubles, what_stops_goes_first_and_all_brokers_down_is_counted) {
  ClientTroubles troubles;
  troubles.on_client_error(nullptr, RD_KAFKA_RESP_ERR__TRANSPORT, "connection refused");
  EXPECT_FALSE(troubles.pop()) << "single connections are librdkafka's business";
  troubles.on_client_error(nullptr, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "1/1 brokers are down");
  troubles.push(user_error("fenced"));
  EXPECT_EQ(troubles.pop()->message, "fenced");
  const auto down = troubles.pop();
  ASSERT_TRUE(down);
  EXPECT_EQ(down->remedy, Remedy::kRetry);
  EXPECT_THAT(down->message, HasSubstr("connection refused"));
  EXPECT_EQ(troubles.times_all_down(), 1U);
}

}  // namespace
}  // namespace eddy
