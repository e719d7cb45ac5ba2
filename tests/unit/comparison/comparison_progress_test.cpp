#include "app/comparison_progress.h"

#include <gtest/gtest.h>

namespace eddy {
namespace {

std::vector<RunKey> three_runs() {
  return {{"fast", 1, std::nullopt}, {"slow", 1, std::nullopt}, {"slow", 2, std::nullopt}};
}

FinishedRun finished(const std::string& model, double seconds) {
  FinishedRun run;
  run.key = {model, 9, std::nullopt};
  run.training_seconds = seconds;
  return run;
}

TEST(ComparisonProgress, expects_of_a_run_what_its_model_took_before) {
  ManualClock clock;
  const std::vector<FinishedRun> earlier{finished("fast", 2), finished("slow", 10), finished("slow", 20)};
  ComparisonProgress progress(three_runs(), earlier, clock);
  EXPECT_DOUBLE_EQ(progress.total_seconds(), 2 + 15 + 15);
  EXPECT_DOUBLE_EQ(progress.done_seconds(), 0);
}

TEST(ComparisonProgress, expects_of_an_unknown_model_what_the_others_take) {
  ManualClock clock;
  const std::vector<FinishedRun> earlier{finished("slow", 10)};
  EXPECT_DOUBLE_EQ(ComparisonProgress(three_runs(), earlier, clock).total_seconds(), 30);
  EXPECT_DOUBLE_EQ(ComparisonProgress(three_runs(), {}, clock).total_seconds(), 3);
}

TEST(ComparisonProgress, expects_of_unknown_models_what_the_first_run_seems_to_take) {
  ManualClock clock;
  ComparisonProgress progress(three_runs(), {}, clock);
  progress.begin();
  clock.advance(std::chrono::seconds(4));
  progress.show(0.5, "");
  EXPECT_DOUBLE_EQ(progress.done_seconds(), 4);
  EXPECT_DOUBLE_EQ(progress.total_seconds(), 8 + 8 + 8);
  clock.advance(std::chrono::seconds(4));
  progress.end();
  progress.begin();
  clock.advance(std::chrono::seconds(5));
  progress.show(0.25, "");
  EXPECT_DOUBLE_EQ(progress.done_seconds(), 8 + 5);
  // The other slow one: as this one.
  EXPECT_DOUBLE_EQ(progress.total_seconds(), 8 + 20 + 20);
}

TEST(ComparisonProgress, a_run_that_is_under_way_tells_its_own_pace) {
  ManualClock clock;
  const std::vector<FinishedRun> earlier{finished("fast", 2), finished("slow", 10)};
  ComparisonProgress progress(three_runs(), earlier, clock);
  progress.begin();
  clock.advance(std::chrono::seconds(1));
  progress.show(0.25, "");
  EXPECT_DOUBLE_EQ(progress.done_seconds(), 1);
  EXPECT_DOUBLE_EQ(progress.total_seconds(), 4 + 10 + 10);
  clock.advance(std::chrono::seconds(3));
  progress.end();
  EXPECT_DOUBLE_EQ(progress.done_seconds(), 4);
  EXPECT_DOUBLE_EQ(progress.total_seconds(), 4 + 10 + 10);
  progress.begin();
  clock.advance(std::chrono::seconds(30));
  progress.end();
  // (10 + 30) / 2 of the slow ones.
  EXPECT_DOUBLE_EQ(progress.total_seconds(), 4 + 30 + 20);
  progress.begin();
  clock.advance(std::chrono::seconds(6));
  progress.end();
  EXPECT_DOUBLE_EQ(progress.done_seconds(), progress.total_seconds());
}

}  // namespace
}  // namespace eddy
