#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/comparison/finished_run.h"
#include "model/comparison/optimum_figures.h"
#include "model/comparison/segments.h"
#include "model/comparison/statistics.h"
#include "model/evaluation/evaluation.h"

namespace eddy {

/// The rank that tables, intervals and tests are about.
inline constexpr std::size_t kReportedRank = 3;

enum class Measure : std::uint8_t { kHitRate = 0, kAveragePrecision = 1 };
inline constexpr std::size_t kMeasures = 2;

/// A model against the best of the models that it is held against.
struct AgainstBest {
  std::string best;  ///< empty: there is none, or no event
  PairedDifference difference;
  double corrected_p = 1;  ///< Holm, over the models of one kind of event and one measure
};

/// One model at one kind of event.
struct KindFigures {
  std::size_t events = 0;
  std::array<std::array<Spread, kMaxRank>, kMeasures> at_rank;  ///< by Measure; place k - 1 is rank k
  std::array<AgainstBest, kMeasures> against_best;              ///< at kReportedRank

  [[nodiscard]] const Spread& at(Measure measure, std::size_t rank = kReportedRank) const {
    return at_rank[static_cast<std::size_t>(measure)][rank - 1];
  }
};

/// What a model costs.
struct ModelCost {
  Spread training_seconds, epochs, refresh_microseconds;
};

struct ModelFigures {
  std::string model;
  std::array<KindFigures, kExampleKinds + 1> by_kind;  ///< as in evaluation.h
  ModelCost cost;
};

/// One model without a channel, beside itself with both.
struct AblatedModel {
  std::string model;
  std::string impossible;  ///< why there is nothing to tell; else empty
  std::array<std::array<Spread, kMeasures>, kExampleKinds + 1> at_rank;           ///< at kReportedRank
  std::array<std::array<PairedDifference, kMeasures>, kExampleKinds + 1> change;  ///< from both channels
};
struct Ablation {
  Channel channel = Channel::kSessions;
  bool in_training = false;  ///< in training too
  std::vector<AblatedModel> models;

  /// "without calls at the test"
  [[nodiscard]] std::string title() const;
};

/// A mean over events and seeds, and where it may lie for other events like them.
struct SegmentValue {
  double mean = 0;
  Interval interval;
};
struct SegmentFigures {
  std::string field, meaning, segment;
  std::size_t events = 0, users = 0;
  std::vector<std::array<SegmentValue, kMeasures>> models;  ///< in the order of the comparison's
};

/// One test event, as far as the measures need it.
struct TestEvent {
  ExampleKind kind = ExampleKind::kSessionsOnly;
  std::uint32_t user = 0;  ///< events of one user have one number
  std::size_t bought = 0;  ///< items
};
[[nodiscard]] std::vector<TestEvent> test_events_of(std::span<const LearningExample> test);

/// What a comparison asks of its runs.
struct ComparisonPlan {
  std::vector<std::string> models;
  std::vector<std::string> baselines;  ///< those that a model is held against; empty: all others
  std::vector<std::uint64_t> seeds;
  std::vector<std::pair<Channel, bool>> ablations;  ///< a channel, and whether it is off in training too
  std::vector<Segmentation> segmentations;
};

/// Every run that the plan needs: first seed first, so that all models are seen early.
[[nodiscard]] std::vector<RunKey> runs_of(const ComparisonPlan& plan);

/// Everything that the reports tell.
struct Comparison {
  std::vector<std::pair<std::string, std::string>> inputs;  ///< names and values, for people
  std::vector<std::uint64_t> seeds;
  std::size_t test_events = 0, test_users = 0;
  std::vector<ModelFigures> models;  ///< in the order of the plan
  std::optional<OptimumFigures> optimum;
  std::vector<Ablation> ablations;
  std::vector<SegmentFigures> segments;  ///< field by field, in each the smallest first
};

/// Computes all measures from finished runs. `runs` has each of runs_of(plan), in any order.
[[nodiscard]] Comparison compare(const ComparisonPlan& plan, std::span<const TestEvent> events,
                                 std::span<const FinishedRun> runs);

/// "sessions only", "calls only", "both", "all"
[[nodiscard]] std::string kind_name(std::size_t kind);

}  // namespace eddy
