#include "simulate/optimum.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace eddy {

using published::kItems;

namespace {

HistoryKind kind_of(const PurchaseTruth& truth) {
  if (truth.calls == 0) return HistoryKind::kSessionsOnly;
  return truth.sessions == 0 ? HistoryKind::kCallsOnly : HistoryKind::kBoth;
}

void add_ranking(RankingFigures& sums, const std::array<ItemIndex, kItems>& ranking,
                 const std::vector<ItemIndex>& bought) {
  ++sums.events;
  double hits = 0;
  double precisions = 0;
  for (std::size_t k = 1; k <= kMostRanks; ++k) {
    if (std::binary_search(bought.begin(), bought.end(), ranking[k - 1])) {
      hits += 1;
      precisions += hits / static_cast<double>(k);
    }
    if (hits > 0) sums.hit_rate[k - 1] += 1;
    sums.mean_average_precision[k - 1] += precisions / static_cast<double>(std::min(k, bought.size()));
  }
}

}  // namespace

PerItemShares posterior(const PerItemShares& prior, const Evidence& evidence) {
  const double highest = *std::max_element(evidence.begin(), evidence.end());
  PerItemShares result{};
  double total = 0;
  for (std::size_t need = 0; need < kItems; ++need) {
    total += result[need] = prior[need] * std::exp(evidence[need] - highest);
  }
  // Only a need that never occurs can be the one that the evidence is for alone.
  if (total == 0) return prior;
  for (double& value : result) value /= total;
  return result;
}

std::array<ItemIndex, kItems> rank_items(const NeedModel& needs, const PerItemShares& need_shares) {
  PerItemShares scores{};
  for (std::size_t need = 0; need < kItems; ++need) {
    const PerItemShares& relevance = needs.relevance(static_cast<ItemIndex>(need));
    for (std::size_t item = 0; item < kItems; ++item) scores[item] += need_shares[need] * relevance[item];
  }
  std::array<ItemIndex, kItems> ranking{};
  std::iota(ranking.begin(), ranking.end(), ItemIndex{0});
  std::stable_sort(ranking.begin(), ranking.end(),
                   [&](ItemIndex a, ItemIndex b) { return scores[a] > scores[b]; });
  return ranking;
}

void RankingTally::add(HistoryKind kind, const std::array<ItemIndex, kItems>& ranking,
                       const std::vector<ItemIndex>& bought) {
  add_ranking(sums_[static_cast<std::size_t>(HistoryKind::kAll)], ranking, bought);
  add_ranking(sums_[static_cast<std::size_t>(kind)], ranking, bought);
}

FiguresByKind RankingTally::figures() const {
  FiguresByKind result = sums_;
  for (RankingFigures& figures : result) {
    const auto events = static_cast<double>(std::max<std::size_t>(figures.events, 1));
    for (double& value : figures.hit_rate) value /= events;
    for (double& value : figures.mean_average_precision) value /= events;
  }
  return result;
}

Optimum::Optimum(const NeedModel& needs)
    : needs_(needs), popular_ranking_(rank_items(needs, needs.prior())) {}

void Optimum::add(const PurchaseTruth& truth) {
  const HistoryKind kind = kind_of(truth);
  optimum_.add(kind, rank_items(needs_, posterior(needs_.prior(), truth.evidence)), truth.items);
  popular_.add(kind, popular_ranking_, truth.items);
  interactions_ += truth.sessions + truth.calls;
  ++purchases_;
}

OptimumReport Optimum::report() const {
  return {optimum_.figures(), popular_.figures(),
          static_cast<double>(interactions_) / static_cast<double>(std::max<std::size_t>(purchases_, 1))};
}

}  // namespace eddy
