#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "model/training/examples.h"

namespace eddy {

/// What a set of features says of the item that is bought: naive Bayes over counts of examples.
///
///     score(item) = log(n_item) + Σ_{known features f of the user} log((n_f,item + m · p_f) / (n_item + m))
///
/// with n the number of training examples in which the item was bought, and in which the feature was there as
/// well, p_f the feature's share of all examples, and m = 100: of what is seen with few examples of an item,
/// little is believed. An example with several items counts for each.
class FeatureGuess {
 public:
  /// `features`: without repetitions.
  void learn(std::span<const std::uint64_t> features, std::span<const ItemId> bought);
  /// The item of the highest score among those that `portfolio` allows (null: all); ties by id. Nothing where
  /// no feature is known or no item is allowed.
  [[nodiscard]] std::optional<ItemId> guess(std::span<const std::uint64_t> features,
                                            const PortfolioFact* portfolio) const;

 private:
  std::map<ItemId, double> items_;
  std::unordered_map<std::uint64_t, std::map<ItemId, double>> features_;
};

/// What each channel alone makes one expect: sessions by their tags, calls by their words and keywords.
class ChannelGuess {
 public:
  explicit ChannelGuess(std::span<const LearningExample> train);
  /// Whether the two channels of this user make one expect different items; nothing where one of them tells
  /// nothing.
  [[nodiscard]] std::optional<bool> disagree(const Facts& facts) const;

 private:
  FeatureGuess sessions_, calls_;
};

}  // namespace eddy
