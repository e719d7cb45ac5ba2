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

void RankingSums::add(std::span<const std::uint32_t> ranked, std::span<const std::uint32_t> bought,
                      std::size_t bought_count) {
  ++sums_.examples;
  std::size_t hits = 0;
  double precisions = 0;
  for (std::size_t k = 1; k <= kMaxRank; ++k) {
    if (k <= ranked.size() && std::binary_search(bought.begin(), bought.end(), ranked[k - 1])) {
      ++hits;
      precisions += static_cast<double>(hits) / static_cast<double>(k);
    }
    if (bought_count == 0) continue;
    if (hits > 0) sums_.hit_rate[k - 1] += 1;
    sums_.mean_average_precision[k - 1] += precisions / static_cast<double>(std::min(k, bought_count));
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
