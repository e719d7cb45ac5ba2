// The whole road, as typed: simulate --as tryg, import, train, evaluate; beside the events of the same users.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "event_lines.h"
#include "fakes/temporary_directory.h"
#include "typed_command.h"

namespace eddy {
namespace {

using testing::HasSubstr;

/// Of HR@3 between one training and another on some 360 purchases: two standard errors of a share of .7.
constexpr double kMostDifference = 0.07;

class import_command : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory_.path() / name).string();
  }
  void run(const std::string& arguments) {
    const Outcome outcome = eddy(arguments + " 2>&1");
    ASSERT_EQ(outcome.code, 0) << arguments << '\n' << outcome.text;
  }
  /// Trains on the events, and measures the last tenth of their purchases: HR@3 of all, and of Popular.
  std::pair<double, double> learn(const std::string& events, const std::string& bundle) {
    run("train --events " + events + " --epochs 12 --seed 1 --buckets 16384 --out " + path(bundle));
    const Outcome outcome =
        eddy("evaluate --json --bundle " + path(bundle) + " --events " + events + " 2>/dev/null");
    EXPECT_EQ(outcome.code, 0);
    double model = 0, popular = 0;
    const auto report = nlohmann::json::parse(outcome.text);
    EXPECT_EQ(report["refused_records"], 0);
    for (const auto& row : report["results"]) {
      if (row["kind"] == "all") (row["model"] == "popular" ? popular : model) = row["hr"]["3"];
    }
    return {model, popular};
  }

  TemporaryDirectory directory_;
};

TEST_F(import_command, a_model_learns_from_imported_files_what_it_learns_from_the_same_users_events) {
  const std::string users = "simulate --users 3000 --seed 3 ";
  run(users + "--single " + path("direct.jsonl"));
  run(users + "--as tryg " + path("published"));
  run("import tryg " + path("published") + " --text keywords --out " + path("imported"));
  const auto [direct, popular] = learn(path("direct.jsonl"), "direct");
  const std::string folder = path("imported");
  const auto [imported, popular_imported] =
      learn(folder + "/web.jsonl " + folder + "/calls.jsonl " + folder + "/purchases.jsonl", "from-files");
  std::cout << "HR@3: direct " << direct << ", imported " << imported << ", popular " << popular << '\n';
  // The same purchases in the same order are kept for the test.
  EXPECT_DOUBLE_EQ(popular, popular_imported);
  EXPECT_GT(imported, popular + 0.05);
  EXPECT_NEAR(imported, direct, kMostDifference);
  std::ifstream optimum(path("published") + "/optimum.json");
  EXPECT_TRUE(nlohmann::json::parse(optimum).contains("optimum"));
}

TEST_F(import_command, a_mistake_in_a_file_is_one_line_and_exit_code_2) {
  run("simulate --users 5 --as tryg " + path("published"));
  std::ofstream(path("published") + "/data_sessions.csv", std::ios::app) << "1,x,3\n";
  const Outcome outcome = eddy("import tryg " + path("published") + " --out " + path("imported") + " 2>&1");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.text, HasSubstr("data_sessions.csv:"));
  EXPECT_THAT(outcome.text, HasSubstr("column 'action_number': 'x' is not a whole number"));
  EXPECT_EQ(std::count(outcome.text.begin(), outcome.text.end(), '\n'), 1);
}

TEST_F(import_command, all_events_may_go_to_the_standard_output) {
  run("simulate --users 5 --as tryg " + path("published"));
  const Outcome outcome = eddy("import tryg " + path("published") + " --single - 2>/dev/null");
  EXPECT_EQ(outcome.code, 0);
  std::ofstream(path("all.jsonl")) << outcome.text;
  std::size_t purchases = 0;
  for (const auto& [user, facts] : fold_lines(read_lines_of(path("all.jsonl"))))
    purchases += facts.purchases.size();
  EXPECT_GE(purchases, 5U);
}

TEST_F(import_command, simulated_files_refuse_what_they_cannot_hold) {
  EXPECT_EQ(eddy("simulate --users 5 --as csv " + path("x") + " 2>&1").code, 2);
  EXPECT_EQ(eddy("simulate --users 5 --as tryg " + path("x") + " --late-share 0.1 2>&1").code, 2);
  EXPECT_EQ(eddy("simulate --users 5 --as tryg " + path("x") + " --out " + path("y") + " 2>&1").code, 2);
}

}  // namespace
}  // namespace eddy
