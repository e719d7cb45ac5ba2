// `eddy compare` as typed, on a small simulated set.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "crash/eddy_process.h"
#include "fakes/temporary_directory.h"
#include "typed_command.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream input(file);
  std::ostringstream text;
  text << input.rdbuf();
  return text.str();
}

class compare_command : public testing::Test {
 protected:
  void SetUp() override {
    const Outcome outcome = eddy("simulate --users 600 --seed 5 --out " + path("simulated") + " 2>&1");
    ASSERT_EQ(outcome.code, 0) << outcome.text;
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory_.path() / name).string();
  }
  [[nodiscard]] std::string arguments(const std::string& more) const {
    std::string text = "compare --events";
    for (const char* name : {"web", "calls", "purchases"}) text += " " + path("simulated/") + name + ".jsonl";
    return text + " --out " + path("comparison") + " --buckets 16384 --epochs 3 " + more;
  }
  [[nodiscard]] Outcome compare(const std::string& more) const { return eddy(arguments(more) + " 2>&1"); }
  [[nodiscard]] std::size_t finished_runs() const {
    std::error_code none_yet;
    std::size_t runs = 0;
    for (const auto& file : std::filesystem::directory_iterator(path("comparison/runs"), none_yet))
      runs += file.path().extension() == ".json";
    return runs;
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(compare_command, trains_measures_reports_and_skips_what_is_finished) {
  const std::string what = "--models session,popular --seeds 2 --optimum " + path("simulated/optimum.json") +
                           " --ablate calls --ablate-at test,training";
  const Outcome first = compare(what);
  ASSERT_EQ(first.code, 0) << first.text;
  EXPECT_EQ(finished_runs(), 8U);
  const auto results = nlohmann::json::parse(text_of(path("comparison/results.json")));
  ASSERT_EQ(results["models"].size(), 2U);
  EXPECT_EQ(results["models"][0]["model"], "popular");
  EXPECT_EQ(results["seeds"], nlohmann::json({1, 2}));
  const auto& session = results["models"][1]["kinds"]["sessions only"];
  EXPECT_GT(session["events"], 0);
  EXPECT_GT(session["hr"]["3"]["mean"], 0);
  EXPECT_EQ(session["hr"]["3"]["values"], 2);
  EXPECT_EQ(session["against_best"]["hr"]["best"], "popular");
  EXPECT_GT(results["models"][1]["refresh_microseconds"]["mean"], 0);
  EXPECT_GT(results["optimum"]["all"]["hr"][2], 0.5);
  EXPECT_EQ(results["ablations"].size(), 2U);
  EXPECT_GE(results["segments"].size(), 4U);
  EXPECT_THAT(text_of(path("comparison/results.md")), HasSubstr("| session |"));
  EXPECT_THAT(text_of(path("comparison/results.html")), HasSubstr("</html>"));

  const Outcome again = compare(what);
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.text, HasSubstr("8 of 8 runs are finished"));
  EXPECT_EQ(nlohmann::json::parse(text_of(path("comparison/results.json"))), results);
  // Another seed and other questions are no other inputs.
  const Outcome more = compare("--models session --seeds 3 --by interactions");
  EXPECT_EQ(more.code, 0) << more.text;
  EXPECT_THAT(more.text, HasSubstr("2 of 3 runs are finished"));
}

TEST_F(compare_command, goes_on_where_it_was_killed) {
  std::istringstream words(arguments("--models popular,session --seeds 2"));
  EddyProcess::Command command;
  for (std::string word; words >> word;) command.arguments.push_back(word);
  command.log = path("log");
  {
    EddyProcess process(command);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    while (finished_runs() == 0) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << process.output();
      // Waits for its end, which is not to come before its first run.
      if (process.wait(std::chrono::milliseconds(5))) break;
    }
    process.kill();
  }
  const std::size_t finished = finished_runs();
  ASSERT_GT(finished, 0U) << text_of(path("log"));
  ASSERT_LT(finished, 4U) << "it ended before it could be killed";
  const std::string kept = path("comparison/runs/popular-seed-1.json");
  const std::string before = text_of(kept);
  const auto written = std::filesystem::last_write_time(kept);
  const Outcome rest = compare("--models popular,session --seeds 2");
  ASSERT_EQ(rest.code, 0) << rest.text;
  EXPECT_THAT(rest.text, HasSubstr(std::to_string(finished) + " of 4 runs are finished"));
  EXPECT_EQ(finished_runs(), 4U);
  EXPECT_EQ(text_of(kept), before);
  EXPECT_EQ(std::filesystem::last_write_time(kept), written);
}

TEST_F(compare_command, other_inputs_in_the_same_directory_are_one_clear_error) {
  ASSERT_EQ(compare("--models popular --seeds 1").code, 0);
  const Outcome epochs = compare("--models popular --seeds 1 --dropout .5");
  EXPECT_EQ(epochs.code, 2);
  EXPECT_THAT(epochs.text, HasSubstr("--dropout was default and is 0.5"));
  EXPECT_THAT(epochs.text, Not(HasSubstr("--epochs was")));
  const Outcome events =
      eddy("compare --models popular --seeds 1 --buckets 16384 --epochs 3 --out " + path("comparison") +
           " --events " + path("simulated/web.jsonl") + " " + path("simulated/purchases.jsonl") + " 2>&1");
  EXPECT_EQ(events.code, 2);
  EXPECT_THAT(events.text, HasSubstr("purchases was"));
  // Written otherwise it is the same value.
  EXPECT_EQ(compare("--models popular --seeds 1 --learning-rate 0.0").code, 0);
}

TEST_F(compare_command, segments_of_users_come_from_a_file) {
  std::ofstream(path("users.csv")) << "user,region\nu-1,north\n";
  const Outcome outcome =
      compare("--models popular --seeds 1 --segments " + path("users.csv") + " --by region");
  ASSERT_EQ(outcome.code, 0) << outcome.text;
  const auto results = nlohmann::json::parse(text_of(path("comparison/results.json")));
  EXPECT_EQ(results["segments"][0]["field"], "region");
}

TEST_F(compare_command, mistakes_in_the_options_end_before_anything_is_read) {
  const Outcome model = compare("--models sesion");
  EXPECT_EQ(model.code, 2);
  EXPECT_THAT(model.text, HasSubstr("did you mean session?"));
  const Outcome field = compare("--by region");
  EXPECT_EQ(field.code, 2);
  EXPECT_THAT(field.text, HasSubstr("--segments"));
  const Outcome unused = compare("--segments " + path("users.csv"));
  EXPECT_EQ(unused.code, 2);
  EXPECT_EQ(compare("--ablate clicks").code, 2);
  EXPECT_EQ(compare("--ablate-at training").code, 2);
  EXPECT_EQ(compare("--models session,popular --baselines keyword").code, 2);
  EXPECT_EQ(compare("--optimum " + path("no.json")).code, 2);
  EXPECT_EQ(compare("--models popular --test-share 0").code, 2);
  EXPECT_THAT(compare("--text bert --text-encoder " + path("encoder")).text, HasSubstr("eddy encode"));
  EXPECT_FALSE(std::filesystem::exists(path("comparison")));
}

}  // namespace
}  // namespace eddy
