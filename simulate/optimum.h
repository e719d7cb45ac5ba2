#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "simulate/need_model.h"
#include "simulate/user_history.h"

namespace eddy {

/// Ranks are measured at k = 1 … kMostRanks.
inline constexpr std::size_t kMostRanks = 5;

/// HR@k and MAP@k of one ranking method for one kind of purchase events.
struct RankingFigures {
  std::size_t events = 0;
  std::array<double, kMostRanks> hit_rate{};                ///< [k − 1]
  std::array<double, kMostRanks> mean_average_precision{};  ///< [k − 1]
};

/// By what the history of a purchase event consists of.
enum class HistoryKind : std::uint8_t { kAll, kSessionsOnly, kCallsOnly, kBoth, kCount };
using FiguresByKind = std::array<RankingFigures, static_cast<std::size_t>(HistoryKind::kCount)>;

/// What no model can be better at, and what is reached without any history.
struct OptimumReport {
  FiguresByKind optimum;
  FiguresByKind popular;
  double mean_interactions = 0;  ///< of a purchase event
};

/// P(need | evidence), exactly: the prior times e^evidence, normalised.
[[nodiscard]] PerItemShares posterior(const PerItemShares& prior, const Evidence& evidence);

/// Items by the probability that a purchase holds them, the highest first; ties by index.
[[nodiscard]] std::array<ItemIndex, published::kItems> rank_items(const NeedModel& needs,
                                                                  const PerItemShares& need_shares);

/// Adds up how a ranking fares. Not synchronised.
class RankingTally {
 public:
  /// `bought` is sorted and not empty.
  void add(HistoryKind kind, const std::array<ItemIndex, published::kItems>& ranking,
           const std::vector<ItemIndex>& bought);
  [[nodiscard]] FiguresByKind figures() const;

 private:
  FiguresByKind sums_;
};

/// Measures the exact posterior over the purchases of a simulation. Not synchronised.
class Optimum {
 public:
  /// `needs` outlives this.
  explicit Optimum(const NeedModel& needs);
  void add(const PurchaseTruth& truth);
  [[nodiscard]] OptimumReport report() const;

 private:
  const NeedModel& needs_;
  std::array<ItemIndex, published::kItems> popular_ranking_;
  RankingTally optimum_, popular_;
  std::size_t interactions_ = 0, purchases_ = 0;
};

/// As one JSON object, ended by a line feed; README.md has its fields.
[[nodiscard]] std::string to_json(const OptimumReport& report);
/// As a table for people.
[[nodiscard]] std::string to_table(const OptimumReport& report);

}  // namespace eddy
