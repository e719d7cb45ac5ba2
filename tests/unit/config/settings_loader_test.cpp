#include "config/settings_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/plan.h"
#include "unit/config/loading.h"

namespace eddy {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kWhole = R"(name: job
delivery: at_least_once
shards: 16
sources:
  - kafka:
      brokers: a:9092
      topics: {web: clicks, calls: speech}
      from: end
      patience: 3s
      properties: {security.protocol: SASL_SSL, sasl.password: "${PASSWORD}", fetch.min.bytes: 1}
operators:
  - decode
  - fold: {top_k: 5}
  - publish: {sink: mine}
sinks:
  mine: {kafka: {topic: out}}
  dead_letters: {file: {path: dead.jsonl, sync: true}}
  triggers: discard
state: {dir: here, hot_profiles: 1GiB, block_cache: 128MiB, write_buffers: 32MiB, open_files: -1, sync_commits: true}
commit: {interval: 1s, max_events: 5}
limits: {in_flight: 1MiB, batch_events: 10, batch_wait: 0, threads: 3}
http: {enabled: false, listen: "[::1]:0"}
log: {level: debug, format: json}
)";

tl::expected<LoadedSettings, std::vector<Error>> load_whole() {
  return load(kWhole, {}, fake_surroundings({{"PASSWORD", "hunter2"}}));
}

TEST(SettingsLoader, reads_the_sources) {
  const auto loaded = load_whole();
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Settings& settings = loaded->settings;
  EXPECT_EQ(settings.name, "job");
  ASSERT_EQ(settings.sources.size(), 1U);
  const auto& kafka = std::get<KafkaSourceOptions>(settings.sources[0].options);
  EXPECT_EQ(kafka.cluster.brokers, "a:9092");
  EXPECT_THAT(kafka.topics, testing::UnorderedElementsAre("clicks", "speech"));
  EXPECT_EQ(kafka.group, "job") << "the job's name, where no group is given";
  EXPECT_EQ(kafka.from, "end");
  EXPECT_EQ(kafka.cluster.patience, std::chrono::seconds(3));
  EXPECT_EQ(kafka.cluster.properties.at("sasl.password"), "hunter2");
  EXPECT_EQ(settings.sources[0].where, "eddy.yaml:5");
}

TEST(SettingsLoader, reads_a_source_of_files) {
  const auto loaded = load(
      "shards: 16\n"
      "sources: [{files: {paths: [one, two], rate: 100, speed: 2.5, longest_line: 1MiB}}]\n"
      "sinks: {recommendations: discard}\n");
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const auto& files = std::get<FileSourceOptions>(loaded->settings.sources.at(0).options);
  EXPECT_THAT(files.paths, ElementsAre("one", "two"));
  EXPECT_EQ(files.shards, 16);
  EXPECT_EQ(files.rate, 100);
  EXPECT_EQ(files.speed, 2.5);
  EXPECT_EQ(files.longest_line, 1U << 20U);
}

TEST(SettingsLoader, reads_the_chain_and_the_sinks) {
  const auto loaded = load_whole();
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  ASSERT_EQ(loaded->chain.size(), 3U);
  EXPECT_EQ(loaded->chain[1].name, "fold");
  EXPECT_EQ(loaded->chain[1].stage, Operator::Stage::kProfiles);
  EXPECT_EQ(loaded->chain[1].where, "eddy.yaml:13");
  const auto& sinks = loaded->settings.sinks;
  const auto& kafka = std::get<KafkaSinkOptions>(sinks.at("mine").options);
  EXPECT_EQ(kafka.topic, "out");
  EXPECT_EQ(kafka.cluster.brokers, "a:9092") << "those of the first source";
  EXPECT_THAT(kafka.cluster.properties,
              ElementsAre(std::pair("sasl.password", "hunter2"), std::pair("security.protocol", "SASL_SSL")))
      << "what opens the door, and nothing else";
  EXPECT_TRUE(std::get<FileSinkOptions>(sinks.at("dead_letters").options).sync);
  EXPECT_TRUE(std::holds_alternative<DiscardSinkOptions>(sinks.at("triggers").options));
}

TEST(SettingsLoader, reads_the_plain_sections) {
  const auto loaded = load_whole();
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Settings& settings = loaded->settings;
  EXPECT_EQ(settings.state.directory, "here");
  EXPECT_EQ(settings.state.store.block_cache_bytes, 128U << 20U);
  EXPECT_EQ(settings.state.store.write_buffer_bytes, 32U << 20U);
  EXPECT_EQ(settings.state.store.max_open_files, -1);
  EXPECT_TRUE(settings.state.store.sync_commits);
  EXPECT_EQ(settings.pipeline.hot_profiles_bytes, 1U << 30U);
  EXPECT_EQ(settings.pipeline.commit_interval, std::chrono::seconds(1));
  EXPECT_EQ(settings.pipeline.commit_max_events, 5U);
  EXPECT_EQ(settings.pipeline.in_flight_bytes, 1U << 20U);
  EXPECT_EQ(settings.pipeline.batch_events, 10U);
  EXPECT_EQ(settings.pipeline.batch_wait, std::chrono::milliseconds(0));
  EXPECT_EQ(settings.pipeline.threads, 3U);
  EXPECT_FALSE(settings.http.enabled);
  EXPECT_EQ(settings.http.host, "::1");
  EXPECT_EQ(settings.http.port, 0);
  EXPECT_EQ(settings.log.level, "debug");
  EXPECT_EQ(settings.log.format, "json");
}

TEST(SettingsLoader, the_default_chain_needs_no_line) {
  const auto loaded = load(kLeast);
  ASSERT_TRUE(loaded);
  std::vector<std::string> names;
  for (const ChainedOperator& chained : loaded->chain) names.push_back(chained.name);
  EXPECT_EQ(names, default_chain());
}

TEST(SettingsLoader, tells_mistakes_of_all_sections_at_once_by_line) {
  EXPECT_THAT(mistakes_of("nam: x\n"
                          "shards: 0\n"
                          "sources:\n"
                          "  - kafka: {brokers: a, topic: web}\n"
                          "  - pulsar: {}\n"
                          "operators: [decode, fold: {top_k: 500}, rank]\n"
                          "sinks:\n"
                          "  recommendations: {file: {}}\n"
                          "commit: {interval: 5}\n"
                          "limits: []\n"
                          "http: {listen: here}\n"
                          "log: {level: loud}\n"),
              ElementsAre("eddy.yaml:1: configuration: unknown setting 'nam'; did you mean 'name'?",
                          "eddy.yaml:2: configuration: 'shards' must be 1 to 4096, not '0'",
                          HasSubstr("eddy.yaml:4: kafka source: 'topics' must be given"),
                          "eddy.yaml:4: kafka source: unknown setting 'topic'; did you mean 'topics'?",
                          "eddy.yaml:5: sources: there is no source 'pulsar'; there are kafka, files",
                          "eddy.yaml:6: fake: 'top_k' must be 1 to 100, not '500'",
                          HasSubstr("eddy.yaml:6: operators: there is no operator 'rank'"),
                          HasSubstr("eddy.yaml:8: file sink: 'path' must be given"),
                          HasSubstr("eddy.yaml:8: sinks: 'recommendations' is a file, and with exactly_once"),
                          HasSubstr("eddy.yaml:9: commit: 'interval' must be a duration"),
                          HasSubstr("eddy.yaml:10: limits: wants settings as 'name: value', not a list"),
                          HasSubstr("eddy.yaml:11: http: 'listen' must be host:port"),
                          HasSubstr("eddy.yaml:12: log: 'level' must be one of")));
}

TEST(SettingsLoader, a_document_that_is_no_map_is_one_mistake_or_few) {
  EXPECT_THAT(mistakes_of("just text"), Contains(HasSubstr("eddy.yaml:1: configuration: wants settings")));
  EXPECT_THAT(mistakes_of("[a, b]"), Contains(HasSubstr("eddy.yaml:1: configuration: wants settings")));
  EXPECT_THAT(mistakes_of(""),
              ElementsAre(HasSubstr("'sources' must be given"), HasSubstr("publish: there is no sink")));
  EXPECT_THAT(mistakes_of("a: [1\n"), ElementsAre(HasSubstr("broken YAML")));
}

TEST(SettingsLoader, duplicate_keys_stand_among_the_other_mistakes) {
  EXPECT_THAT(mistakes_of(std::string(kLeast) + "shards: 1\nshards: 2\nlog: {level: loud}\n"),
              ElementsAre("eddy.yaml:4: 'shards' is set twice; first at eddy.yaml:3",
                          HasSubstr("eddy.yaml:5: log: 'level'")));
}

TEST(SettingsLoader, settings_indented_too_little_are_explained) {
  EXPECT_THAT(
      mistakes_of("sources:\n  - files:\n    paths: [a]\nsinks: {recommendations: discard}\n"),
      ElementsAre(AllOf(HasSubstr("a source is written"), HasSubstr("indent the settings under theirs"))));
}

TEST(SettingsLoader, no_message_and_no_plan_shows_a_secret) {
  const Surroundings world = fake_surroundings({{"SECRET", "hunter2"}}, {{"/password", "tr0ub4dor"}});
  const auto mistakes = mistakes_of(
      "name: ${SECRET}\n"
      "delivery: ${SECRET}\n"
      "shards: ${file:/password}\n"
      "sources: [{files: {paths: ['${SECRET}', '${SECRET}']}}]\n"
      "operators: ['${SECRET}', publish: {sink: '${file:/password}'}]\n"
      "sinks: {a: {file: {path: '${SECRET}'}}, b: '${file:/password}', recommendations: {file: {path: "
      "'${SECRET}'}}}\n"
      "commit: {interval: '${SECRET}'}\n"
      "http: {listen: '${SECRET}'}\n",
      {"limits.in_flight=${file:/password}"}, world);
  EXPECT_GE(mistakes.size(), 8U);
  EXPECT_THAT(mistakes, Each(AllOf(Not(HasSubstr("hunter2")), Not(HasSubstr("tr0ub4dor")))));

  const auto loaded = load(
      "sources: [{kafka: {brokers: '${SECRET}:9092', topics: [web],"
      " properties: {sasl.password: '${file:/password}', ssl.key.password: plain-in-the-file, client.id: "
      "eddy}}}]\n"
      "sinks: {recommendations: {kafka: {topic: '${SECRET}'}}}\n"
      "operators: [decode, fold, publish]\n"
      "state: {dir: '${SECRET}'}\n",
      {}, world);
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const std::string plan = plan_text(*loaded);
  EXPECT_THAT(plan, AllOf(Not(HasSubstr("hunter2")), Not(HasSubstr("tr0ub4dor")),
                          Not(HasSubstr("plain-in-the-file"))));
  EXPECT_THAT(plan,
              AllOf(HasSubstr("${SECRET}:9092"), HasSubstr("${file:/password}"), HasSubstr("(hidden)")));
  EXPECT_THAT(plan, HasSubstr("client.id")) << "what is no secret is shown";
}

TEST(SettingsLoader, the_plan_reads_from_source_to_sink) {
  const auto loaded = load_whole();
  ASSERT_TRUE(loaded);
  const std::string plan = plan_text(*loaded);
  std::size_t at = 0;
  for (const char* part : {"job",
                           "at_least_once",
                           "sources",
                           "clicks",

                           "1 decode",
                           "[records]",
                           "2 fold",
                           "top_k",
                           "5",
                           "3 publish",
                           "sinks",
                           "dead.jsonl",
                           "topic out at a:9092",
                           "discarded",
                           "here",
                           "every 1s or 5 events",
                           "1GiB",
                           "together",
                           "off",
                           "debug"}) {
    const std::size_t found = plan.find(part, at);
    ASSERT_NE(found, std::string::npos) << part << " after:\n" << plan.substr(at);
    at = found;
  }
}

TEST(SettingsLoader, plugins_are_loaded_before_operators_are_looked_up) {
  SettingsRequest request;
  request.file = "eddy.yaml";
  request.surroundings = fake_surroundings();
  request.load_plugin = [](const std::string& path, OperatorRegistry& registry) -> Result<void> {
    if (path != "good.so") return user_error("no such file");
    return registry.add("mine",
                        [] { return std::make_unique<FakeFactory>(Operator::Stage::kProfiles, false); });
  };
  OperatorRegistry registry = fake_registry();
  const std::string chain = std::string(kLeast) + "operators: [decode, fold, mine, publish]\n";
  EXPECT_TRUE(load_settings_text(chain + "plugins: [good.so]\n", "eddy.yaml", request, registry));

  OperatorRegistry other = fake_registry();
  const auto refused = load_settings_text(chain + "plugins:\n  - bad.so\n", "eddy.yaml", request, other);
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().size(), 2U);
  EXPECT_THAT(to_string(refused.error()[0]),
              HasSubstr("eddy.yaml:3: operators: there is no operator 'mine'"));
  EXPECT_EQ(to_string(refused.error()[1]), "eddy.yaml:5: plugins: no such file");
}

TEST(SettingsLoader, names_of_the_programs_own_configurations) {
  SettingsRequest request;
  request.surroundings = fake_surroundings();
  OperatorRegistry registry = fake_registry();
  request.file = "preset:marketting";
  const auto unknown = load_settings(request, registry);
  ASSERT_FALSE(unknown);
  EXPECT_THAT(to_string(unknown.error().front()), HasSubstr("did you mean 'preset:marketing'?"));
}

}  // namespace
}  // namespace eddy
