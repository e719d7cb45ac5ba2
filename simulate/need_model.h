#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "simulate/published_figures.h"
#include "simulate/random.h"

namespace eddy {

/// Items and needs are numbered alike, from 0: a need is the item that the user came for.
using ItemIndex = std::uint8_t;
using PerItemShares = std::array<double, published::kItems>;

/// How needs are distributed, and which items are bought out of a need. Immutable, so safe for all threads.
class NeedModel {
 public:
  /// From the published aggregates.
  NeedModel();
  /// From purchases as they are, each a list of distinct items and none empty. Draws needs only, not items.
  explicit NeedModel(std::span<const std::vector<ItemIndex>> purchases);

  [[nodiscard]] ItemIndex draw_need(Random& random) const;
  /// The need itself and further items, sorted. Their number is as published, their chances as of
  /// further_item_chances.
  [[nodiscard]] std::vector<ItemIndex> draw_items(ItemIndex need, Random& random) const;

  [[nodiscard]] const PerItemShares& prior() const { return prior_; }
  /// For each item the probability that a purchase out of this need holds it; 1 for the need itself.
  [[nodiscard]] const PerItemShares& relevance(ItemIndex need) const { return relevance_[need]; }
  /// For each item the probability that a purchase holds it.
  [[nodiscard]] PerItemShares popularity() const;

 private:
  PerItemShares prior_{};
  std::array<PerItemShares, published::kItems> relevance_{};
  Choice needs_;
  std::vector<Choice> sizes_;  ///< [need]; empty if made from purchases
  std::vector<std::array<PerItemShares, published::kMostItems>> further_;  ///< [need][further items]
};

/// Chances of each item to be one of `count` further items: proportional to the weights, at most 1, `count`
/// in total. At least `count` weights are above 0.
[[nodiscard]] PerItemShares further_item_chances(const published::PerItem& weights, std::size_t count);

}  // namespace eddy
