#include "config/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/loading.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kFile = std::string(kLeast) + "commit: {interval: 2s}\n";

TEST(Overrides, stand_over_the_file_which_stands_over_the_defaults) {
  const auto file = load(kFile);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->settings.pipeline.commit_interval, std::chrono::seconds(2));
  EXPECT_EQ(file->settings.pipeline.batch_events, PipelineOptions().batch_events);

  const auto over = load(kFile, {"commit.interval=3s", "limits.batch_events=7", "commit.interval=4s"});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->settings.pipeline.commit_interval, std::chrono::seconds(4)) << "the last one wins";
  EXPECT_EQ(over->settings.pipeline.batch_events, 7U);
}

TEST(Overrides, reach_into_lists_by_number_and_by_name) {
  const auto loaded =
      load(kLeast, {"sources.0.files.paths=[a, b]", "operators.publish.top_k=9", "sources.files.rate=5"});
  ASSERT_TRUE(loaded);
  const auto& files = std::get<FileSourceOptions>(loaded->settings.sources[0].options);
  EXPECT_THAT(files.paths, ElementsAre("a", "b"));
  EXPECT_EQ(files.rate, 5);
  EXPECT_EQ(loaded->chain.back().settings[0].default_value, "9");
  EXPECT_THAT(loaded->chain.back().given, ElementsAre("top_k"));
}

TEST(Overrides, below_properties_dots_belong_to_the_key) {
  const auto loaded = load(
      "sources: [{kafka: {brokers: a, topics: [web]}}]\n"
      "sinks: {recommendations: discard}\n",
      {"sources.kafka.properties.security.protocol=SASL_SSL", "sources.kafka.properties={sasl.username: me}",
       "sources.kafka.properties.sasl.password=${PASSWORD}"},
      fake_surroundings({{"PASSWORD", "hunter2"}}));
  ASSERT_TRUE(loaded);
  const auto& kafka = std::get<KafkaSourceOptions>(loaded->settings.sources[0].options);
  EXPECT_THAT(kafka.cluster.properties,
              ElementsAre(std::pair("sasl.password", "hunter2"), std::pair("sasl.username", "me")));
}

TEST(Overrides, mistakes_name_the_override_but_not_its_value) {
  EXPECT_THAT(
      mistakes_of(kLeast, {"commit.intervall=1s"}),
      ElementsAre("--set commit.intervall: commit: unknown setting 'intervall'; did you mean 'interval'?"));
  EXPECT_THAT(mistakes_of(kLeast, {"hunter2"}), ElementsAre(HasSubstr("wants path=value")));
  EXPECT_THAT(mistakes_of(kLeast, {"=1"}), ElementsAre(HasSubstr("wants path=value")));
  EXPECT_THAT(mistakes_of(kLeast, {"a..b=1"}),
              ElementsAre("--set a..b: the path has an empty name; write it as a.b.c=value"));
  EXPECT_THAT(mistakes_of(kLeast, {"sources.1.files.rate=1"}),
              ElementsAre(HasSubstr("no element 1; the list has 1")));
  EXPECT_THAT(mistakes_of(kLeast, {"sources.kafka.group=x"}),
              ElementsAre(HasSubstr("nothing in the list is named 'kafka'")));
  EXPECT_THAT(mistakes_of("name: x\n" + std::string(kLeast), {"name.first=x"}),
              ElementsAre(HasSubstr("'first' is set below a plain value")));
  EXPECT_THAT(
      mistakes_of("sources: [{files: {paths: a}}, {files: {paths: b}}]\nsinks: {recommendations: discard}\n",
                  {"sources.files.rate=1"}),
      testing::Contains(HasSubstr("more than one 'files' in the list")));
  EXPECT_THAT(mistakes_of(kLeast, {"commit={interval: [hunter2"}),
              ElementsAre(AllOf(HasSubstr("--set commit: broken YAML"), Not(HasSubstr("hunter2")))));
}

}  // namespace
}  // namespace eddy
