#include "operators/refresh/prequential.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/metric.h"

namespace eddy {
namespace {

/// What one purchase adds at each k.
struct Outcome {
  std::array<double, kMaxRank> hit{}, average_precision{};
};

/// The metrics of one arm and model.
struct Metrics {
  Metrics(const ServedModel& model, MetricRegistry& registry)
      : purchases(registry.counter("eddy_prequential_purchases_total",
                                   "Purchases before which the model was asked what it predicted.",
                                   {{"arm", model.arm}, {"model", model.name()}})) {
    for (std::size_t k = 1; k <= kMaxRank; ++k) {
      const MetricLabels labels = {{"arm", model.arm}, {"model", model.name()}, {"k", std::to_string(k)}};
      hits[k - 1] = &registry.counter("eddy_prequential_hits_total",
                                      "Purchases with a bought item among the first k.", labels);
      precisions[k - 1] = &registry.counter("eddy_prequential_average_precision_total",
                                            "Sum of the purchases' average precisions at k.", labels);
      hit_rate[k - 1] = &registry.gauge("eddy_prequential_hit_rate",
                                        "Share of the latest purchases with a hit at k.", labels);
      mean_precision[k - 1] =
          &registry.gauge("eddy_prequential_mean_average_precision",
                          "Mean average precision at k over the latest purchases.", labels);
    }
  }

  Counter& purchases;
  std::array<Counter*, kMaxRank> hits{}, precisions{};
  std::array<Gauge*, kMaxRank> hit_rate{}, mean_precision{};
};

Outcome outcome_of(const Catalogue& catalogue, std::span<const ScoredItem> ranked, const Purchase& purchase) {
  std::vector<std::uint32_t> indices;
  for (const ScoredItem& scored : ranked.first(std::min(kMaxRank, ranked.size())))
    indices.push_back(scored.item);
  // As `eddy evaluate` counts: an item that was bought twice in one purchase is one.
  std::vector<ItemId> items = purchase.items;
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  std::vector<std::uint32_t> bought;
  for (const ItemId& item : items)
    if (const auto index = catalogue.find(item)) bought.push_back(*index);
  std::sort(bought.begin(), bought.end());
  RankingSums sums;
  sums.add(indices, bought, items.size());
  const RankingMeasures one = sums.mean();
  return {one.hit_rate, one.mean_average_precision};
}

/// Sums of outcomes.
struct Sums {
  std::size_t purchases = 0;
  std::array<double, kMaxRank> hits{}, precisions{};

  void add(const Outcome& outcome) {
    ++purchases;
    for (std::size_t k = 0; k < kMaxRank; ++k) {
      hits[k] += outcome.hit[k];
      precisions[k] += outcome.average_precision[k];
    }
  }
  void subtract(const Outcome& outcome) {
    --purchases;
    for (std::size_t k = 0; k < kMaxRank; ++k) {
      hits[k] -= outcome.hit[k];
      precisions[k] -= outcome.average_precision[k];
    }
  }
  [[nodiscard]] RankingMeasures mean() const {
    RankingMeasures mean;
    mean.examples = purchases;
    const double count = std::max<double>(1, static_cast<double>(purchases));
    for (std::size_t k = 0; k < kMaxRank; ++k) {
      mean.hit_rate[k] = hits[k] / count;
      mean.mean_average_precision[k] = precisions[k] / count;
    }
    return mean;
  }
};

}  // namespace

/// One arm and model.
class Prequential::Tally {
 public:
  Tally(const ServedModel& model, std::size_t window, MetricRegistry* metrics)
      : model_(model.name()), window_size_(window) {
    if (metrics != nullptr) metrics_ = std::make_unique<Metrics>(model, *metrics);
  }

  void add(const Outcome& outcome) {
    all_.add(outcome);
    if (latest_.size() < window_size_) {
      latest_.push_back(outcome);
      window_.add(outcome);
    } else {
      window_.subtract(latest_[next_]);
      latest_[next_] = outcome;
      window_.add(outcome);
      next_ = (next_ + 1) % window_size_;
      if (next_ == 0) add_window_anew();
    }
    if (metrics_) tell(outcome);
  }

  /// Another model has taken the arm over; a shard may still add purchases from before that.
  void retire() {
    if (std::exchange(is_retired_, true) || !metrics_) return;
    for (std::size_t k = 0; k < kMaxRank; ++k) {
      metrics_->hit_rate[k]->set(std::numeric_limits<double>::quiet_NaN());
      metrics_->mean_precision[k]->set(std::numeric_limits<double>::quiet_NaN());
    }
  }

  [[nodiscard]] Row row(const std::string& arm) const { return {arm, model_, all_.mean(), window_.mean()}; }

 private:
  /// So that rounding errors do not add up.
  void add_window_anew() {
    window_ = {};
    for (const Outcome& outcome : latest_) window_.add(outcome);
  }

  void tell(const Outcome& outcome) {
    metrics_->purchases.add();
    const RankingMeasures latest = window_.mean();
    for (std::size_t k = 0; k < kMaxRank; ++k) {
      metrics_->hits[k]->add(outcome.hit[k]);
      metrics_->precisions[k]->add(outcome.average_precision[k]);
      if (is_retired_) continue;
      metrics_->hit_rate[k]->set(latest.hit_rate[k]);
      metrics_->mean_precision[k]->set(latest.mean_average_precision[k]);
    }
  }

  const std::string model_;
  const std::size_t window_size_;
  std::unique_ptr<Metrics> metrics_;  // null: nobody asked for them
  Sums all_, window_;
  std::vector<Outcome> latest_;  // a ring, once it is full
  std::size_t next_ = 0;
  bool is_retired_ = false;
};

Prequential::Prequential(std::size_t window) : window_(window) {}
Prequential::~Prequential() = default;

Prequential::Tally& Prequential::tally_of(const ServedModel& model, MetricRegistry* metrics) {
  auto& tally = tallies_[{model.arm, model.version}];
  if (tally) return *tally;
  tally = std::make_unique<Tally>(model, window_, metrics);
  // All of the arm but the latest are models of the past.
  Tally* latest = nullptr;
  for (auto& [key, one] : tallies_) {
    if (key.first != model.arm) continue;
    if (latest != nullptr) latest->retire();
    latest = one.get();
  }
  return *tally;
}

void Prequential::add(const ServedModel& model, std::span<const ScoredItem> ranked, const Purchase& purchase,
                      MetricRegistry* metrics) {
  const Outcome outcome = outcome_of(*model.catalogue, ranked, purchase);
  const MutexLock lock(mutex_);
  tally_of(model, metrics).add(outcome);
}

std::vector<Prequential::Row> Prequential::rows() const {
  const MutexLock lock(mutex_);
  std::vector<Row> rows;
  rows.reserve(tallies_.size());
  for (const auto& [key, tally] : tallies_) rows.push_back(tally->row(key.first));
  return rows;
}

}  // namespace eddy
