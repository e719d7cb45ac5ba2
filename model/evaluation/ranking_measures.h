#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eddy {

/// Measures are taken at k = 1 … kMaxRank.
inline constexpr std::size_t kMaxRank = 5;

/// Item indices by falling score, ties by index; items whose `eligible` is 0 are absent. At most kMaxRank.
[[nodiscard]] std::vector<std::uint32_t> top_items(std::span<const float> scores,
                                                   std::span<const float> eligible);

/// Which of the first kMaxRank places of a ranking hold a bought item: bit k - 1 is place k.
using HitMask = std::uint8_t;

/// `ranked`: top_items(). `bought`: indices of items, sorted.
[[nodiscard]] HitMask hits_of(std::span<const std::uint32_t> ranked, std::span<const std::uint32_t> bought);

/// HR@k of one example, 0 or 1; 1 ≤ k ≤ kMaxRank.
[[nodiscard]] double hit_rate_at(std::size_t k, HitMask hits);
/// AP@k of one example. `bought_count`: of all bought items; with 0 there is nothing to hit.
[[nodiscard]] double average_precision_at(std::size_t k, HitMask hits, std::size_t bought_count);

/// Hit rate and mean average precision over a number of examples; place k - 1 is the measure at k.
struct RankingMeasures {
  std::size_t examples = 0;
  std::array<double, kMaxRank> hit_rate{};
  std::array<double, kMaxRank> mean_average_precision{};
};

/// Sums over examples:
///
///     HR@k = share of examples with a bought item among the first k
///     AP@k = Σ_{i ≤ k, item i bought} (bought among the first i) / i / min(k, number of bought items)
class RankingSums {
 public:
  /// `ranked`: top_items(). `bought`: the indices of the bought items that the catalogue knows, sorted;
  /// `bought_count`: of all bought items, so that what the model cannot offer counts as missed.
  void add(std::span<const std::uint32_t> ranked, std::span<const std::uint32_t> bought,
           std::size_t bought_count) {
    add(hits_of(ranked, bought), bought_count);
  }
  void add(HitMask hits, std::size_t bought_count);
  /// Means; zeros if there was no example.
  [[nodiscard]] RankingMeasures mean() const;

 private:
  RankingMeasures sums_;
};

}  // namespace eddy
