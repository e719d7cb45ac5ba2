#include "config/substitution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/secrets.h"
#include "unit/config/loading.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Surroundings kWorld = fake_surroundings({{"HOST", "kafka"}, {"EMPTY", ""}, {"TRICK", "${HOST}"}},
                                              {{"/run/password", "s3cr3t: [oh]"}});

ParamNode substituted(const std::string& text, std::vector<Error>& mistakes) {
  ParamNode node{text, "eddy.yaml:7", std::nullopt};
  substitute(node, kWorld, mistakes);
  return node;
}

std::string value(const std::string& text) {
  std::vector<Error> mistakes;
  const ParamNode node = substituted(text, mistakes);
  EXPECT_THAT(mistakes, IsEmpty()) << text;
  return *node.scalar();
}

std::string mistake(const std::string& text) {
  std::vector<Error> mistakes;
  (void)substituted(text, mistakes);
  return mistakes.size() == 1 ? to_string(mistakes[0]) : std::to_string(mistakes.size()) + " mistakes";
}

TEST(Substitution, replaces_variables_defaults_and_files) {
  EXPECT_EQ(value("plain $HOST { }"), "plain $HOST { }");
  EXPECT_EQ(value("${HOST}:9092"), "kafka:9092");
  EXPECT_EQ(value("${HOST}${HOST}"), "kafkakafka");
  EXPECT_EQ(value("${NONE:-a:9092}"), "a:9092");
  EXPECT_EQ(value("${EMPTY:-a}"), "a");
  EXPECT_EQ(value("${EMPTY}"), "");
  EXPECT_EQ(value("${NONE:-}"), "");
  EXPECT_EQ(value("${file:/run/password}"), "s3cr3t: [oh]");
  EXPECT_EQ(value("$${HOST}"), "${HOST}");
  EXPECT_EQ(value("a$${b}${HOST}"), "a${b}kafka");
}

TEST(Substitution, what_was_put_in_is_not_read_again) {
  EXPECT_EQ(value("${TRICK}"), "${HOST}");
}

TEST(Substitution, mistakes_have_places) {
  EXPECT_THAT(mistake("${NONE}"), HasSubstr("eddy.yaml:7: the environment variable 'NONE' is not set"));
  EXPECT_THAT(mistake("${HOST"), HasSubstr("eddy.yaml:7: '${' without its '}'"));
  EXPECT_THAT(mistake("${}"), HasSubstr("neither ${NAME}"));
  EXPECT_THAT(mistake("${A B}"), HasSubstr("neither ${NAME}"));
  EXPECT_THAT(mistake("${file:/absent}"), HasSubstr("eddy.yaml:7: '/absent' is not a file"));
}

TEST(Substitution, keeps_what_was_written) {
  std::vector<Error> mistakes;
  EXPECT_EQ(substituted("${HOST}:1", mistakes).shown(), "${HOST}:1");
  EXPECT_EQ(substituted("plain", mistakes).written, std::nullopt);
  EXPECT_EQ(substituted("${NONE:-a:9092}", mistakes).shown(), "a:9092")
      << "a default stands in the file anyway";
}

TEST(Substitution, reads_the_process_environment_and_files) {
  const Surroundings process = process_surroundings();
  const auto path = std::filesystem::temp_directory_path() / ("eddy-secret-" + std::to_string(std::rand()));
  std::ofstream(path) << "two\nlines\n";
  const Result<std::string> secret = process.secret(path.string());
  ASSERT_TRUE(secret) << to_string(secret.error());
  EXPECT_EQ(*secret, "two\nlines") << "one newline at the end belongs to the file, not to the secret";
  std::ofstream(path) << std::string(65 * 1024, 'x');
  EXPECT_FALSE(process.secret(path.string()));
  std::filesystem::remove(path);
  EXPECT_FALSE(process.secret(path.string()));
  EXPECT_FALSE(process.secret("/dev/null")) << "devices may block for ever";
  ASSERT_EQ(setenv("EDDY_TEST_VARIABLE", "set", 1), 0);
  EXPECT_EQ(process.variable("EDDY_TEST_VARIABLE"), "set");
  ASSERT_EQ(unsetenv("EDDY_TEST_VARIABLE"), 0);
  EXPECT_EQ(process.variable("EDDY_TEST_VARIABLE"), std::nullopt);
}

TEST(Secrets, are_replaced_in_messages_longest_first) {
  std::map<std::string, ParamNode> map;
  map["a"] = {"hunter2", "", "${A}"};
  map["b"] = {"hunter22", "", "${B}"};
  map["c"] = {"xy", "", "${C}"};
  Secrets secrets;
  secrets.collect({map, "", std::nullopt});
  EXPECT_EQ(secrets.concealed("hunter22 hunter2 xy"), "${B} ${A} xy");
  EXPECT_EQ(secrets.shown("xy"), "${C}") << "a whole value is known however short";
  EXPECT_EQ(secrets.shown("plain"), "plain");
}

}  // namespace
}  // namespace eddy
