#include "operators/refresh/ranking.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace eddy {

bool rank(std::span<const float> scores, std::size_t keep, std::vector<ScoredItem>& ranked) {
  ranked.clear();
  keep = std::min(keep, scores.size());
  ranked.reserve(keep);
  if (keep == 0) return true;
  // Items come by ascending index and enter behind their equals, so ties keep that order. Once `keep` are
  // there, few of the rest pass the comparison with the last.
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const float score = scores[i];
    if (std::isnan(score)) return false;
    if (score == 0) continue;
    if (ranked.size() == keep) {
      if (score <= ranked.back().score) continue;
      ranked.pop_back();
    }
    const auto place = std::find_if(ranked.rbegin(), ranked.rend(), [&](const ScoredItem& better) {
                         return better.score >= score;
                       }).base();
    ranked.insert(place, ScoredItem{static_cast<std::uint32_t>(i), score});
  }
  return true;
}

}  // namespace eddy
