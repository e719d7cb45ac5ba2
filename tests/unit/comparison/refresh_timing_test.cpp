#include "model/comparison/refresh_timing.h"

#include <gtest/gtest.h>

#include "unit/training/event_makers.h"

namespace eddy {
namespace {

/// Takes 5 µs of a manual clock for each refresh, and remembers the facts.
class SlowRecommender final : public Recommender {
 public:
  explicit SlowRecommender(ManualClock& clock) : clock_(clock) {
    auto model = std::make_shared<ScoredModel>();
    model->items = {ItemId("x"), ItemId("y")};
    model_ = std::move(model);
  }
  Result<void> refresh(std::span<const RefreshRequest> requests) override {
    clock_.advance(std::chrono::microseconds(5));
    for (const RefreshRequest& request : requests) seen.push_back(*request.facts);
    if (fails) return external_error("broken");
    return {};
  }
  Result<void> score(std::span<const Facts* const> /*users*/, float* /*scores*/) override { return {}; }
  [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override { return model_; }

  std::vector<Facts> seen;
  bool fails = false;

 private:
  ManualClock& clock_;
  std::shared_ptr<const ScoredModel> model_;
};

std::vector<Event> some_events() {
  return {test::make_action("a", 10, "s", {"t"}), test::make_action("other", 15, "s", {"t"}),
          test::make_action("a", 20, "s", {"u"}), test::make_action("a", 20, "s", {"u"}),  // the same again
          test::make_action("b", 30, "s", {"t"}), test::make_action("a", 40, "s", {"v"})};
}

TEST(RefreshTiming, refreshes_after_each_event_that_changes_something) {
  ManualClock clock;
  SlowRecommender recommender(clock);
  const RefreshTiming timing(timed_events(some_events(), EventTime{20}, 100), {});
  const auto cost = timing.measure(recommender, clock);
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->refreshes, 3U);
  EXPECT_NEAR(cost->microseconds, 5, 1e-9);
  // Two users are made warm first; `other` has no event in the piece.
  ASSERT_EQ(recommender.seen.size(), 5U);
  EXPECT_EQ(recommender.seen[2].sessions.at(0).actions.size(), 2U);
  EXPECT_EQ(recommender.seen[4].sessions.at(0).actions.size(), 3U);
  // Played again it is the same.
  EXPECT_EQ(timing.measure(recommender, clock)->refreshes, 3U);
}

TEST(RefreshTiming, takes_no_more_events_than_it_is_told) {
  ManualClock clock;
  SlowRecommender recommender(clock);
  EXPECT_EQ(
      RefreshTiming(timed_events(some_events(), EventTime{20}, 1), {}).measure(recommender, clock)->refreshes,
      1U);
  EXPECT_EQ(
      RefreshTiming(timed_events(some_events(), EventTime{50}, 9), {}).measure(recommender, clock)->refreshes,
      0U);
}

TEST(RefreshTiming, tells_the_models_error) {
  ManualClock clock;
  SlowRecommender recommender(clock);
  recommender.fails = true;
  EXPECT_FALSE(RefreshTiming(timed_events(some_events(), EventTime{20}, 9), {}).measure(recommender, clock));
}

}  // namespace
}  // namespace eddy
