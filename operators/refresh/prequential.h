#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/annotated_mutex.h"
#include "event/event.h"
#include "event/recommendation.h"
#include "model/evaluation/ranking_measures.h"
#include "operators/refresh/served_models.h"

namespace eddy {

class MetricRegistry;

/// The measures of what was predicted before each purchase (prequential: first test, then learn), for each
/// arm and model: over all purchases, and over the latest ones. In /metrics:
///
///     eddy_prequential_purchases_total{arm,model}             purchases that were scored
///     eddy_prequential_hits_total{arm,model,k}                of them with a bought item among the first k
///     eddy_prequential_average_precision_total{arm,model,k}   sum of their average precisions at k
///     eddy_prequential_hit_rate{arm,model,k}                  over the window of the arm's present model;
///     eddy_prequential_mean_average_precision{arm,model,k}    not a number for models that were replaced
///
/// Shared by all shards; thread-safe.
class Prequential {
 public:
  /// `window`: purchases, at least 1.
  explicit Prequential(std::size_t window);
  ~Prequential();

  /// One purchase. `ranked`: the model's ranking just before it, at least kMaxRank items where there are as
  /// many. `metrics` may be null.
  void add(const ServedModel& model, std::span<const ScoredItem> ranked, const Purchase& purchase,
           MetricRegistry* metrics);

  struct Row {
    std::string arm, model;
    RankingMeasures all, window;
  };
  /// By arm, then in the order in which the models came.
  [[nodiscard]] std::vector<Row> rows() const;
  [[nodiscard]] std::size_t window() const { return window_; }

 private:
  class Tally;
  Tally& tally_of(const ServedModel& model, MetricRegistry* metrics) EDDY_REQUIRES(mutex_);

  const std::size_t window_;
  mutable Mutex mutex_;
  std::map<std::pair<std::string, std::uint64_t>, std::unique_ptr<Tally>> tallies_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy
