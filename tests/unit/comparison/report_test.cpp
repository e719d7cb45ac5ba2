#include "model/comparison/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "comparison_makers.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

Comparison some_comparison() {
  const auto events = test::four_events();
  const auto runs = test::runs_of_two_models();
  ComparisonPlan plan = test::plan_of_two_models();
  plan.ablations = {{Channel::kCalls, false}};
  plan.segmentations = {{"region", "of the user", {{"no|rth", {2}, 1}, {"<south>", {0, 1, 3}, 2}}}};
  Comparison comparison = compare(plan, events, runs);
  comparison.inputs = {{"purchases", "40, digest 1"}, {"--epochs", "3"}};
  OptimumFigures optimum;
  for (RankingMeasures& figures : optimum) {
    figures.examples = 40;
    figures.hit_rate = {0.5, 0.7, 0.9, 0.95, 0.99};
    figures.mean_average_precision = {0.5, 0.6, 0.65, 0.68, 0.7};
  }
  comparison.optimum = optimum;
  return comparison;
}

/// Elements that are opened and not closed, or closed and not open; the first such.
std::string unbalanced(const std::string& html) {
  static const std::regex kTag(R"(<(/?)([a-zA-Z0-9]+)[^>]*?(/?)>)");
  std::vector<std::string> open;
  for (std::sregex_iterator tag(html.begin(), html.end(), kTag), end; tag != end; ++tag) {
    const std::string name = (*tag)[2];
    if (name == "meta" || (*tag)[3] == "/") continue;
    if ((*tag)[1] != "/") {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "</" + name + ">";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + ">";
}

TEST(Report, json_holds_every_figure) {
  const auto json = nlohmann::json::parse(to_json(some_comparison()));
  EXPECT_EQ(json["inputs"]["--epochs"], "3");
  EXPECT_EQ(json["seeds"], nlohmann::json({1, 2}));
  EXPECT_EQ(json["test"]["events"], 4);
  EXPECT_EQ(json["test"]["users"], 3);
  const auto& good = json["models"][0];
  EXPECT_EQ(good["model"], "good");
  EXPECT_DOUBLE_EQ(good["kinds"]["all"]["hr"]["3"]["mean"], 0.875);
  EXPECT_DOUBLE_EQ(good["kinds"]["both"]["map"]["5"]["mean"], 1);
  EXPECT_EQ(good["kinds"]["all"]["against_best"]["hr"]["best"], "poor");
  EXPECT_DOUBLE_EQ(good["kinds"]["all"]["against_best"]["hr"]["difference"]["mean"], 0.75);
  EXPECT_DOUBLE_EQ(good["training_seconds"]["mean"], 1.5);
  EXPECT_DOUBLE_EQ(json["optimum"]["calls only"]["hr"][2], 0.9);
  EXPECT_EQ(json["ablations"][0]["channel"], "calls");
  EXPECT_EQ(json["ablations"][0]["at"], "test");
  EXPECT_DOUBLE_EQ(json["ablations"][0]["models"][0]["kinds"]["all"]["hr"]["value"]["mean"], 0.75);
  EXPECT_EQ(json["segments"][1]["segment"], "<south>");
  EXPECT_EQ(json["segments"][1]["users"], 2);
  EXPECT_NEAR(json["segments"][1]["models"][0]["hr"]["mean"], 2.5 / 3, 1e-12);
}

TEST(Report, does_not_depend_on_the_order_in_which_runs_were_finished) {
  const auto events = test::four_events();
  auto runs = test::runs_of_two_models();
  // Sums of these means differ in their last bits by their order.
  runs.push_back(test::make_run("good", 3, {3, 2, 4, 7}, {0, 0, 1, 1}, {1, 1, 0, 2}));
  runs.push_back(test::make_run("poor", 3, {4, 2, 4, 5}, {0, 0, 0, 0}, {8, 8, 0, 8}));
  ComparisonPlan plan = test::plan_of_two_models();
  plan.seeds = {1, 2, 3};
  const std::string in_order = to_json(compare(plan, events, runs));
  std::reverse(runs.begin(), runs.end());
  EXPECT_EQ(to_json(compare(plan, events, runs)), in_order);
}

TEST(Report, markdown_has_the_tables) {
  const std::string text = to_markdown(some_comparison());
  EXPECT_THAT(text, HasSubstr("2 models, 2 seeds, 4 test events of 3 users.\n"));
  EXPECT_THAT(text, HasSubstr("| model | calls only (1) | sessions only (2) | both (1) | all (4) |\n"
                              "| --- | --: | --: | --: | --: |\n"
                              "| good | **1.000 ± 0.000** | **0.750 ± 0.354** | **1.000 ± 0.000** | "
                              "**0.875 ± 0.177** |\n"
                              "| poor | 0.500 ± 0.707 | 0.000 ± 0.000 | 0.000 ± 0.000 | 0.125 ± 0.177 |\n"
                              "| optimum, of all purchases | 0.900 | 0.900 | 0.900 | 0.900 |\n"));
  EXPECT_THAT(text, HasSubstr("| good | 3.0 ± 0.0 | 1.5 ± 0.7 | 6.0 ± 2.8 |\n"));
  EXPECT_THAT(text, HasSubstr("## HR@3 without calls at the test\n"));
  EXPECT_THAT(text, HasSubstr("## HR@3 by region\n\nregion: of the user. In brackets: 95 % interval.\n\n"
                              "| segment | events | users | good | poor |\n"));
  EXPECT_THAT(text, HasSubstr("| no\\|rth | 1 | 1 | 1.000 [0.207, 1.000] |"));
}

TEST(Report, page_is_whole_and_needs_nothing_from_elsewhere) {
  const std::string page = to_html(some_comparison());
  EXPECT_EQ(unbalanced(page), "");
  EXPECT_EQ(unbalanced("<p><b></p></b>"), "</p>");
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("http")));
  EXPECT_THAT(page, Not(HasSubstr("url(")));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(page, HasSubstr("&lt;south&gt;"));
  EXPECT_THAT(page, HasSubstr("<strong>0.875 ± 0.177</strong>"));
  // Bars for each kind, curves for each kind and measure, swatches for two models and the optimum.
  std::size_t plots = 0;
  for (std::size_t at = page.find("<svg"); at != std::string::npos; at = page.find("<svg", at + 1)) ++plots;
  EXPECT_EQ(plots, 4U + 8U + 3U);
}

TEST(Report, kinds_without_events_have_no_plots) {
  Comparison comparison = some_comparison();
  for (ModelFigures& model : comparison.models)
    model.by_kind[static_cast<std::size_t>(ExampleKind::kCallsOnly)] = {};
  const std::string page = to_html(comparison);
  EXPECT_THAT(page, Not(HasSubstr("aria-label=\"HR@3, calls only\"")));
  EXPECT_THAT(page, HasSubstr("aria-label=\"HR@3, both\""));
  EXPECT_EQ(unbalanced(page), "");
}

TEST(Optimum, is_read_as_the_simulator_writes_it) {
  const char* kText =
      R"({"mean_interactions": 2, "optimum": {
      "all": {"events": 10, "hit_rate": [0.1, 0.2, 0.3, 0.4, 0.5], "mean_average_precision": [0, 0, 0.25, 0, 0]},
      "sessions_only": {"events": 7, "hit_rate": [0, 0, 0.7, 0, 0], "mean_average_precision": [0, 0, 0, 0, 0]},
      "calls_only": {"events": 2, "hit_rate": [0, 0, 0.2, 0, 0], "mean_average_precision": [0, 0, 0, 0, 0]},
      "both": {"events": 1, "hit_rate": [0, 0, 0, 0, 0], "mean_average_precision": [0, 0, 0, 0, 0]}}})";
  const auto optimum = parse_optimum(kText);
  ASSERT_TRUE(optimum) << to_string(optimum.error());
  EXPECT_EQ((*optimum)[kAllKinds].examples, 10U);
  EXPECT_DOUBLE_EQ((*optimum)[kAllKinds].mean_average_precision[2], 0.25);
  EXPECT_DOUBLE_EQ((*optimum)[static_cast<std::size_t>(ExampleKind::kSessionsOnly)].hit_rate[2], 0.7);
  EXPECT_FALSE(parse_optimum("{}"));
  EXPECT_FALSE(parse_optimum("no JSON"));
}

}  // namespace
}  // namespace eddy
