#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/comparison/comparison.h"

namespace eddy::test {

inline FinishedRun make_run(const std::string& model, std::uint64_t seed, std::vector<HitMask> everything,
                            std::vector<HitMask> without_sessions, std::vector<HitMask> without_calls) {
  FinishedRun run;
  run.key = {model, seed, std::nullopt};
  run.epochs = 3;
  run.training_seconds = static_cast<double>(seed);
  run.refreshes = 10;
  run.refresh_microseconds = 4.0 * static_cast<double>(seed);
  run.hits = {std::move(everything), std::move(without_sessions), std::move(without_calls)};
  return run;
}

/// Four events of three users: two with sessions only (of one user), one with calls only, one with both. Each
/// bought one item, the last one two.
inline std::vector<TestEvent> four_events() {
  return {{ExampleKind::kSessionsOnly, 0, 1},
          {ExampleKind::kSessionsOnly, 0, 1},
          {ExampleKind::kCallsOnly, 1, 1},
          {ExampleKind::kBoth, 2, 2}};
}

/// "good" hits nearly always at the first place, "poor" at the fourth; two seeds each.
inline std::vector<FinishedRun> runs_of_two_models() {
  return {make_run("good", 1, {1, 1, 1, 3}, {0, 0, 1, 1}, {1, 1, 0, 2}),
          make_run("poor", 1, {8, 8, 8, 8}, {0, 0, 0, 0}, {8, 8, 0, 8}),
          make_run("good", 2, {0, 1, 1, 3}, {0, 0, 1, 1}, {1, 1, 0, 2}),
          make_run("poor", 2, {8, 8, 4, 8}, {0, 0, 0, 0}, {8, 8, 0, 8})};
}

inline ComparisonPlan plan_of_two_models() {
  ComparisonPlan plan;
  plan.models = {"good", "poor"};
  plan.seeds = {1, 2};
  return plan;
}

}  // namespace eddy::test
