#include "model/comparison/comparison.h"

#include <gtest/gtest.h>

#include "comparison_makers.h"

namespace eddy {
namespace {

constexpr auto kSessions = static_cast<std::size_t>(ExampleKind::kSessionsOnly);
constexpr auto kCalls = static_cast<std::size_t>(ExampleKind::kCallsOnly);
constexpr auto kBoth = static_cast<std::size_t>(ExampleKind::kBoth);
constexpr auto kHits = static_cast<std::size_t>(Measure::kHitRate);

TEST(Comparison, tells_means_and_deviations_over_seeds_by_kind) {
  const auto events = test::four_events();
  const auto runs = test::runs_of_two_models();
  const Comparison comparison = compare(test::plan_of_two_models(), events, runs);
  EXPECT_EQ(comparison.test_events, 4U);
  EXPECT_EQ(comparison.test_users, 3U);
  ASSERT_EQ(comparison.models.size(), 2U);
  const ModelFigures& good = comparison.models[0];
  EXPECT_EQ(good.by_kind[kSessions].events, 2U);
  // Seed 1 hits both sessions, seed 2 one of them.
  EXPECT_DOUBLE_EQ(good.by_kind[kSessions].at(Measure::kHitRate).mean, 0.75);
  EXPECT_NEAR(good.by_kind[kSessions].at(Measure::kHitRate).deviation, 0.35355339, 1e-8);
  EXPECT_DOUBLE_EQ(good.by_kind[kAllKinds].at(Measure::kHitRate).mean, 0.875);
  EXPECT_DOUBLE_EQ(good.by_kind[kBoth].at(Measure::kAveragePrecision).mean, 1);
  const ModelFigures& poor = comparison.models[1];
  EXPECT_DOUBLE_EQ(poor.by_kind[kAllKinds].at(Measure::kHitRate).mean, 0.125);
  EXPECT_DOUBLE_EQ(poor.by_kind[kAllKinds].at(Measure::kHitRate, 4).mean, 1);
  // Found at the fourth place of one item: 1/4.
  EXPECT_DOUBLE_EQ(poor.by_kind[kSessions].at(Measure::kAveragePrecision, 4).mean, 0.25);
  EXPECT_DOUBLE_EQ(good.cost.training_seconds.mean, 1.5);
  EXPECT_DOUBLE_EQ(good.cost.refresh_microseconds.mean, 6);
}

TEST(Comparison, holds_each_model_against_the_best_of_the_others) {
  const auto events = test::four_events();
  const auto runs = test::runs_of_two_models();
  const Comparison comparison = compare(test::plan_of_two_models(), events, runs);
  const AgainstBest& good = comparison.models[0].by_kind[kAllKinds].against_best[kHits];
  const AgainstBest& poor = comparison.models[1].by_kind[kAllKinds].against_best[kHits];
  EXPECT_EQ(good.best, "poor");
  EXPECT_EQ(poor.best, "good");
  EXPECT_DOUBLE_EQ(good.difference.mean, 0.75);
  EXPECT_DOUBLE_EQ(poor.difference.mean, -0.75);
  // Two tests of one family: Holm doubles the smaller p.
  EXPECT_DOUBLE_EQ(good.difference.p, poor.difference.p);
  EXPECT_DOUBLE_EQ(good.corrected_p, std::min(1.0, 2 * good.difference.p));
}

TEST(Comparison, chosen_baselines_are_the_only_ones) {
  const auto events = test::four_events();
  auto runs = test::runs_of_two_models();
  ComparisonPlan plan = test::plan_of_two_models();
  plan.baselines = {"poor"};
  const Comparison comparison = compare(plan, events, runs);
  EXPECT_EQ(comparison.models[0].by_kind[kAllKinds].against_best[kHits].best, "poor");
  EXPECT_EQ(comparison.models[1].by_kind[kAllKinds].against_best[kHits].best, "");
}

TEST(Comparison, of_many_events_finds_what_is_there_and_no_more) {
  std::vector<TestEvent> events;
  std::vector<HitMask> good, fair, same;
  for (std::uint32_t i = 0; i < 400; ++i) {
    events.push_back({ExampleKind::kBoth, i, 1});
    good.push_back(i % 10 < 7);
    fair.push_back(i % 10 < 6);
    same.push_back(static_cast<HitMask>((i + 4) % 10 < 6));  // as often as `fair`, elsewhere
  }
  const std::vector<FinishedRun> runs{test::make_run("good", 1, good, good, good),
                                      test::make_run("fair", 1, fair, fair, fair),
                                      test::make_run("same", 1, same, same, same)};
  ComparisonPlan plan;
  plan.models = {"good", "fair", "same"};
  plan.seeds = {1};
  plan.baselines = {"fair", "same"};
  const Comparison comparison = compare(plan, events, runs);
  const AgainstBest& better = comparison.models[0].by_kind[kBoth].against_best[kHits];
  EXPECT_EQ(better.best, "fair");
  EXPECT_NEAR(better.difference.mean, 0.1, 1e-9);
  EXPECT_GT(better.difference.interval.low, 0.06);
  EXPECT_LT(better.corrected_p, 0.001);
  const AgainstBest& equal = comparison.models[2].by_kind[kBoth].against_best[kHits];
  EXPECT_NEAR(equal.difference.mean, 0, 1e-9);
  EXPECT_GT(equal.corrected_p, 0.9);
  EXPECT_EQ(comparison.models[0].by_kind[kCalls].events, 0U);
  EXPECT_EQ(comparison.models[0].by_kind[kCalls].against_best[kHits].best, "");
}

TEST(Comparison, tells_what_a_channel_is_worth_at_the_test) {
  const auto events = test::four_events();
  const auto runs = test::runs_of_two_models();
  ComparisonPlan plan = test::plan_of_two_models();
  plan.ablations = {{Channel::kSessions, false}};
  const Comparison comparison = compare(plan, events, runs);
  ASSERT_EQ(comparison.ablations.size(), 1U);
  EXPECT_EQ(comparison.ablations[0].title(), "without sessions at the test");
  const AblatedModel& good = comparison.ablations[0].models[0];
  EXPECT_DOUBLE_EQ(good.at_rank[kAllKinds][kHits].mean, 0.5);
  EXPECT_DOUBLE_EQ(good.change[kAllKinds][kHits].mean, 0.5 - 0.875);
  EXPECT_DOUBLE_EQ(good.change[kCalls][kHits].mean, 0);
}

TEST(Comparison, a_model_that_cannot_learn_without_a_channel_says_so) {
  const auto events = test::four_events();
  auto runs = test::runs_of_two_models();
  for (const std::uint64_t seed : {1U, 2U}) {
    FinishedRun without = test::make_run("good", seed, {0, 1, 1, 1}, {}, {});
    without.key.without = Channel::kCalls;
    runs.push_back(without);
    FinishedRun impossible;
    impossible.key = {"poor", seed, Channel::kCalls};
    impossible.impossible = "no calls";
    runs.push_back(impossible);
  }
  ComparisonPlan plan = test::plan_of_two_models();
  plan.ablations = {{Channel::kCalls, true}};
  const std::vector<RunKey> keys = runs_of(plan);
  EXPECT_EQ(keys.size(), 8U);
  EXPECT_EQ(keys[1], (RunKey{"good", 1, Channel::kCalls}));
  const Comparison comparison = compare(plan, events, runs);
  const Ablation& ablation = comparison.ablations.at(0);
  EXPECT_DOUBLE_EQ(ablation.models[0].at_rank[kAllKinds][kHits].mean, 0.75);
  EXPECT_EQ(ablation.models[1].impossible, "no calls");
  EXPECT_EQ(ablation.models[1].at_rank[kAllKinds][kHits].values, 0U);
  // The runs without calls are no runs of the models as they are.
  EXPECT_EQ(comparison.models[0].by_kind[kAllKinds].at(Measure::kHitRate).values, 2U);
}

TEST(Comparison, measures_segments_with_intervals) {
  const auto events = test::four_events();
  const auto runs = test::runs_of_two_models();
  ComparisonPlan plan = test::plan_of_two_models();
  plan.segmentations = {{"region", "of the user", {{"north", {2}, 1}, {"south", {0, 1, 3}, 2}}}};
  const Comparison comparison = compare(plan, events, runs);
  ASSERT_EQ(comparison.segments.size(), 2U);
  EXPECT_EQ(comparison.segments[0].segment, "north");
  EXPECT_EQ(comparison.segments[1].events, 3U);
  EXPECT_EQ(comparison.segments[1].users, 2U);
  const SegmentValue& good = comparison.segments[1].models[0][kHits];
  EXPECT_NEAR(good.mean, 2.5 / 3, 1e-12);
  EXPECT_NEAR(good.interval.low, wilson_interval(2.5 / 3, 3).low, 1e-12);
}

TEST(TestEvents, events_of_one_user_have_one_number) {
  LearningExample first, second, third;
  first.user = third.user = UserId("a");
  second.user = UserId("b");
  first.bought = {ItemId("x")};
  second.kind = ExampleKind::kBoth;
  const std::vector<LearningExample> examples{first, second, third};
  const auto events = test_events_of(examples);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].user, events[2].user);
  EXPECT_NE(events[0].user, events[1].user);
  EXPECT_EQ(events[0].bought, 1U);
  EXPECT_EQ(events[1].kind, ExampleKind::kBoth);
}

}  // namespace
}  // namespace eddy
