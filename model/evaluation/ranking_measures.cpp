#include "model/evaluation/ranking_measures.h"

#include <algorithm>

namespace eddy {

std::vector<std::uint32_t> top_items(std::span<const float> scores, std::span<const float> eligible) {
  std::vector<std::uint32_t> ranked;
  for (std::uint32_t item = 0; item < scores.size(); ++item)
    if (eligible[item] != 0) ranked.push_back(item);
  const auto better = [&](std::uint32_t a, std::uint32_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  };
  const std::size_t count = std::min(kMaxRank, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(count), ranked.end(),
                    better);
  ranked.resize(count);
  return ranked;
}

HitMask hits_of(std::span<const std::uint32_t> ranked, std::span<const std::uint32_t> bought) {
  HitMask hits = 0;
  for (std::size_t place = 0; place < std::min(kMaxRank, ranked.size()); ++place) {
    if (std::binary_search(bought.begin(), bought.end(), ranked[place]))
      hits = static_cast<HitMask>(hits | (1U << place));
  }
  return hits;
}

double hit_rate_at(std::size_t k, HitMask hits) {
  return (hits & ((1U << k) - 1)) != 0 ? 1 : 0;
}

double average_precision_at(std::size_t k, HitMask hits, std::size_t bought_count) {
  if (bought_count == 0) return 0;
  std::size_t found = 0;
  double precisions = 0;
  for (std::size_t place = 1; place <= k; ++place) {
    if ((hits >> (place - 1) & 1U) == 0) continue;
    ++found;
    precisions += static_cast<double>(found) / static_cast<double>(place);
  }
  return precisions / static_cast<double>(std::min(k, bought_count));
}

void RankingSums::add(HitMask hits, std::size_t bought_count) {
  ++sums_.examples;
  if (bought_count == 0) return;
  for (std::size_t k = 1; k <= kMaxRank; ++k) {
    sums_.hit_rate[k - 1] += hit_rate_at(k, hits);
    sums_.mean_average_precision[k - 1] += average_precision_at(k, hits, bought_count);
  }
}

RankingMeasures RankingSums::mean() const {
  RankingMeasures mean = sums_;
  if (mean.examples == 0) return mean;
  for (double& value : mean.hit_rate) value /= static_cast<double>(mean.examples);
  for (double& value : mean.mean_average_precision) value /= static_cast<double>(mean.examples);
  return mean;
}

}  // namespace eddy
