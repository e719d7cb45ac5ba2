#include "model/comparison/run_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "model/evaluation/evaluation.h"
#include "unit/training/event_makers.h"

namespace eddy {
namespace {

using testing::Each;

class RunModel : public testing::Test {
 protected:
  [[nodiscard]] RunInputs inputs() const {
    TrainingOptions training;
    training.epochs = 20;
    return {spans_of(set_.examples, split_), {}, training, timing_};
  }
  /// HR@1 at the test events of one kind.
  [[nodiscard]] double hit_rate(const std::vector<HitMask>& hits, ExampleKind kind) const {
    RankingSums sums;
    const auto test = inputs().examples.test;
    for (std::size_t i = 0; i < test.size(); ++i)
      if (test[i].kind == kind) sums.add(hits.at(i), test[i].bought.size());
    return sums.mean().hit_rate[0];
  }

 private:
  const std::vector<Event> events_ = test::separable_events(400, 6, 4);
  const ExampleSet set_ = build_examples(events_, {});
  const ExampleSplit split_ = split_examples(set_.examples.size(), 0.1, 0.2);
  const RefreshTiming timing_{timed_events(events_, set_.examples[split_.train].time, 200), {}};
};

TEST_F(RunModel, trains_and_measures_with_and_without_each_channel) {
  SCOPED_TRACE("seed 4");
  std::vector<double> parts;
  const auto run = run_model({"latent-feature", 3, std::nullopt}, inputs(),
                             [&](double part, const std::string& /*detail*/) { parts.push_back(part); });
  ASSERT_TRUE(run) << to_string(run.error());
  EXPECT_EQ(run->epochs, 20U);
  EXPECT_GT(run->training_seconds, 0);
  EXPECT_GT(run->refreshes, 100U);
  EXPECT_GT(run->refresh_microseconds, 0);
  for (const auto& hits : run->hits) EXPECT_EQ(hits.size(), inputs().examples.test.size());
  const auto& everything = run->hits_at(TestChannels::kAll);
  EXPECT_GT(hit_rate(everything, ExampleKind::kSessionsOnly), 0.9);
  EXPECT_GT(hit_rate(everything, ExampleKind::kCallsOnly), 0.9);
  // Who only clicks has nothing left without sessions, and everything without calls.
  const auto& no_sessions = run->hits_at(TestChannels::kWithoutSessions);
  EXPECT_LT(hit_rate(no_sessions, ExampleKind::kSessionsOnly), 0.5);
  EXPECT_GT(hit_rate(no_sessions, ExampleKind::kCallsOnly), 0.9);
  EXPECT_EQ(hit_rate(run->hits_at(TestChannels::kWithoutCalls), ExampleKind::kSessionsOnly),
            hit_rate(everything, ExampleKind::kSessionsOnly));
  EXPECT_TRUE(std::is_sorted(parts.begin(), parts.end()));
  EXPECT_DOUBLE_EQ(parts.back(), 1);
}

TEST_F(RunModel, without_a_channel_in_training_learns_from_the_other) {
  const auto run = run_model({"latent-feature", 3, Channel::kCalls}, inputs());
  ASSERT_TRUE(run) << to_string(run.error());
  const auto& hits = run->hits_at(TestChannels::kAll);
  EXPECT_GT(hit_rate(hits, ExampleKind::kSessionsOnly), 0.9);
  EXPECT_GT(hit_rate(hits, ExampleKind::kBoth), 0.9);
  EXPECT_LT(hit_rate(hits, ExampleKind::kCallsOnly), 0.5);
  EXPECT_TRUE(run->hits_at(TestChannels::kWithoutSessions).empty());
}

TEST_F(RunModel, a_model_of_calls_is_impossible_without_them) {
  const auto run = run_model({"conversation", 1, Channel::kCalls}, inputs());
  ASSERT_TRUE(run) << to_string(run.error());
  EXPECT_NE(run->impossible, "");
  EXPECT_THAT(run->hits, Each(testing::IsEmpty()));
}

TEST_F(RunModel, an_error_with_both_channels_is_an_error) {
  RunInputs early = inputs();
  early.examples.validation = {};
  early.training.schedule = TrainingSchedule::kEarlyStopping;
  EXPECT_FALSE(run_model({"session", 1, std::nullopt}, early));
  EXPECT_FALSE(run_model({"oracle", 1, std::nullopt}, inputs()));
}

}  // namespace
}  // namespace eddy
