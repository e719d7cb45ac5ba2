#include "config/cross_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/loading.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kSinks = "sinks: {recommendations: discard}\n";

TEST(CrossChecks, the_least_configuration_is_fine) {
  EXPECT_THAT(mistakes_of(kLeast), IsEmpty());
}

TEST(CrossChecks, an_output_needs_its_sink) {
  EXPECT_THAT(
      mistakes_of("sources: [{files: {paths: a}}]\nsinks: {recomendations: discard}\n"),
      ElementsAre(HasSubstr("publish: there is no sink 'recommendations'; did you mean 'recomendations'?")));
  EXPECT_THAT(
      mistakes_of("sources: [{files: {paths: a}}]\n"
                  "operators: [decode, publish: {sink: board}]\n" +
                  kSinks),
      ElementsAre(
          "eddy.yaml:2: publish: there is no sink 'board'; add it under 'sinks', or 'discard' it there"));
}

TEST(CrossChecks, a_graph_has_one_source) {
  EXPECT_THAT(
      mistakes_of("sources:\n- files: {paths: a}\n- files: {paths: b}\n" + kSinks),
      ElementsAre(
          "eddy.yaml:3: sources: a graph has one source, with all its topics or files; this is the second"));
}

TEST(CrossChecks, an_input_is_read_once) {
  EXPECT_THAT(mistakes_of("sources:\n- files: {paths: [a, ./a]}\n" + kSinks),
              ElementsAre("eddy.yaml:2: sources: './a' is read twice"));
  EXPECT_THAT(mistakes_of("sources:\n- kafka: {brokers: b, topics: [web, web]}\n" + kSinks),
              ElementsAre("eddy.yaml:2: sources: 'web' is read twice"));
}

TEST(CrossChecks, outputs_do_not_come_back_as_inputs) {
  EXPECT_THAT(
      mistakes_of("sources:\n- kafka: {brokers: b, topics: [web]}\n"
                  "sinks:\n  recommendations: {kafka: {topic: web}}\n"),
      ElementsAre(HasSubstr("eddy.yaml:4: sinks: 'recommendations' writes to what is read at eddy.yaml:2")));
  EXPECT_THAT(
      mistakes_of("sources:\n- files: {paths: [a]}\n"
                  "sinks:\n  recommendations: discard\n  dead_letters: {file: {path: ./a}}\n"),
      ElementsAre(HasSubstr("eddy.yaml:5: sinks: 'dead_letters' writes to what is read at eddy.yaml:2")));
  EXPECT_THAT(mistakes_of("delivery: at_least_once\nsources:\n- kafka: {brokers: b, topics: [web]}\n"
                          "sinks: {recommendations: {kafka: {topic: web, brokers: elsewhere}}}\n"),
              IsEmpty())
      << "a topic of the same name on another cluster is another topic";
}

TEST(CrossChecks, two_sinks_do_not_share_a_file) {
  EXPECT_THAT(
      mistakes_of("sources: [{files: {paths: a}}]\n"
                  "sinks:\n  dead_letters: {file: {path: out}}\n  recommendations: {file: {path: ./out}}\n"),
      ElementsAre("eddy.yaml:4: sinks: 'recommendations' and 'dead_letters' write to one file"));
}

TEST(CrossChecks, a_topic_needs_brokers) {
  EXPECT_THAT(mistakes_of("sources: [{files: {paths: a}}]\nsinks: {recommendations: {kafka: {topic: t}}}\n"),
              ElementsAre(HasSubstr("eddy.yaml:2: sinks: 'recommendations' needs 'brokers'")));
}

TEST(CrossChecks, kafka_properties_are_judged_without_a_broker) {
  const auto mistakes = mistakes_of(
      "sources:\n- kafka: {brokers: b, topics: [web], properties: {enable.auto.commit: true, fetch.mn.bytes: "
      "1}}\n"
      "sinks: {recommendations: {kafka: {topic: t, properties: {acks: hunter2, bootstrap.servers: c}}}}\n");
  ASSERT_EQ(mistakes.size(), 2U);
  EXPECT_THAT(mistakes[0], testing::StartsWith("eddy.yaml:2: sources: Kafka properties are not accepted"));
  EXPECT_THAT(mistakes[0], testing::AllOf(HasSubstr("enable.auto.commit is set by Eddy itself"),
                                          HasSubstr("fetch.mn.bytes")));
  EXPECT_THAT(mistakes[1], testing::StartsWith("eddy.yaml:3: sinks: 'recommendations': Kafka properties"));
  EXPECT_THAT(mistakes[1],
              testing::AllOf(HasSubstr("bootstrap.servers is given as brokers"), HasSubstr("acks")));
}

TEST(CrossChecks, where_to_begin_must_be_a_place) {
  EXPECT_THAT(
      mistakes_of("sources:\n- kafka: {brokers: b, topics: [web], from: yesterday}\n" + kSinks),
      ElementsAre(testing::AllOf(testing::StartsWith("eddy.yaml:2: sources: "), HasSubstr("yesterday"))));
}

TEST(CrossChecks, write_buffers_fit_into_their_cache) {
  EXPECT_THAT(mistakes_of(std::string(kLeast) + "state:\n  block_cache: 64MiB\n  write_buffers: 128MiB\n"),
              ElementsAre(HasSubstr(
                  "eddy.yaml:5: state: 'write_buffers' (128MiB) are taken from 'block_cache' (64MiB)")));
}

TEST(CrossChecks, listen_is_host_and_port) {
  for (const char* listen :
       {"8080", "host", "host:", ":8080", "host:http", "host:65536", "host:-1", "host:80x"}) {
    EXPECT_THAT(mistakes_of(std::string(kLeast) + "http: {listen: '" + listen + "'}\n"),
                ElementsAre(HasSubstr("eddy.yaml:3: http: 'listen' must be host:port")))
        << listen;
  }
  const auto loaded = load(std::string(kLeast) + "http: {listen: 'localhost:80'}\n");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->settings.http.host, "localhost");
  EXPECT_EQ(loaded->settings.http.port, 80);
}

TEST(CrossChecks, notes_tell_what_is_allowed_but_risky) {
  const auto loaded = load(std::string(kLeast) + "http: {listen: '0.0.0.0:80'}\n");
  ASSERT_TRUE(loaded);
  EXPECT_THAT(notes_on(loaded->settings),
              ElementsAre(HasSubstr("dead_letters"), HasSubstr("without access control")));
  const auto quiet =
      load("sources: [{files: {paths: a}}]\nsinks: {recommendations: discard, dead_letters: discard}\n");
  ASSERT_TRUE(quiet);
  EXPECT_THAT(notes_on(quiet->settings), IsEmpty());
}

}  // namespace
}  // namespace eddy
