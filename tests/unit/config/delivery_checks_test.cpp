#include "config/delivery_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/loading.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kTopics = "sources:\n- kafka: {brokers: b, topics: [web]}\n";

/// The settings of a configuration without mistakes.
Settings settings_of(const std::string& text) {
  OperatorRegistry registry;
  SettingsRequest request;
  request.without_operators = true;
  auto loaded = load_settings_text(text, "eddy.yaml", request, registry);
  EXPECT_TRUE(loaded) << (loaded ? "" : to_string(loaded.error().front()));
  return loaded ? std::move(loaded->settings) : Settings{};
}

TEST(DeliveryChecks, topics_are_read_exactly_once_unless_told_otherwise) {
  const Settings settings = settings_of(kTopics + "name: job\n");
  EXPECT_EQ(settings.delivery, "exactly_once");
  EXPECT_EQ(settings.state.changelog, "job-changelog");
  EXPECT_TRUE(std::get<KafkaSourceOptions>(settings.sources[0].options).transactional);
  const Settings other = settings_of(kTopics + "delivery: at_least_once\n");
  EXPECT_EQ(other.delivery, "at_least_once");
  EXPECT_FALSE(std::get<KafkaSourceOptions>(other.sources[0].options).transactional);
  EXPECT_EQ(settings_of("sources: [{files: {paths: a}}]\n").delivery, "at_least_once");
}

TEST(DeliveryChecks, files_cannot_be_read_exactly_once) {
  EXPECT_THAT(mistakes_of(std::string(kLeast) + "delivery: exactly_once\n"),
              ElementsAre(HasSubstr("eddy.yaml:3: delivery: exactly_once needs Kafka's transactions")));
}

TEST(DeliveryChecks, every_sink_is_part_of_the_transactions) {
  EXPECT_THAT(mistakes_of(kTopics + "sinks:\n  recommendations: {file: {path: out}}\n"),
              ElementsAre(HasSubstr("eddy.yaml:4: sinks: 'recommendations' is a file")));
  EXPECT_THAT(mistakes_of(kTopics + "sinks:\n  recommendations: {kafka: {topic: out, brokers: c}}\n"),
              ElementsAre(HasSubstr("eddy.yaml:4: sinks: 'recommendations' is on another cluster")));
  EXPECT_THAT(
      mistakes_of(kTopics + "sinks:\n  recommendations: {kafka: {topic: out, properties: {linger.ms: 1}}}\n"
                            "  triggers: {kafka: {topic: act, properties: {linger.ms: 2}}}\n"),
      ElementsAre(
          HasSubstr("eddy.yaml:5: sinks: 'triggers' and 'recommendations' set linger.ms differently")));
  EXPECT_THAT(mistakes_of(kTopics + "sinks:\n  recommendations: discard\n"), IsEmpty());
}

TEST(DeliveryChecks, the_changelog_is_a_topic_of_its_own) {
  const std::string sinks = "sinks:\n  recommendations: {kafka: {topic: out}}\n";
  EXPECT_THAT(mistakes_of(kTopics + sinks + "state: {changelog: web}\n"),
              ElementsAre(HasSubstr("eddy.yaml:5: state: the changelog is one of the input topics")));
  EXPECT_THAT(mistakes_of(kTopics + sinks + "state: {changelog: out}\n"),
              ElementsAre(HasSubstr("eddy.yaml:4: sinks: 'recommendations' writes to the changelog")));
}

TEST(DeliveryChecks, what_belongs_to_exactly_once_is_refused_without_it) {
  EXPECT_THAT(mistakes_of(std::string(kLeast) + "state: {changelog: c, standby: 1}\n"),
              ElementsAre(HasSubstr("state: 'changelog' belongs to exactly_once"),
                          HasSubstr("state: 'standby' belongs to exactly_once")));
}

TEST(DeliveryChecks, one_producer_has_the_properties_of_all_sinks) {
  const Settings settings =
      settings_of(kTopics +
                  "sinks:\n  a: {kafka: {topic: out, properties: {linger.ms: 1}}}\n"
                  "  b: {kafka: {topic: act, properties: {compression.codec: zstd}}}\n");
  EXPECT_EQ(producer_properties(settings),
            (std::map<std::string, std::string>{{"linger.ms", "1"}, {"compression.codec", "zstd"}}));
}

}  // namespace
}  // namespace eddy
