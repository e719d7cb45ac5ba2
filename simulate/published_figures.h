#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// Aggregates of the published structure of arXiv 2405.04246 (62,401 purchase events of 51,877 users), in
/// millionths. published_figures.py computes them; simulate/README.md says what is counted and what is
/// fitted.
namespace eddy::published {

inline constexpr std::size_t kItems = 24;
inline constexpr std::size_t kMostInteractions = 10;
inline constexpr std::size_t kMostPurchases = 10;
inline constexpr std::size_t kMostItems = 10;

using PerItem = std::array<std::int32_t, kItems>;
/// [sessions][calls]
using PerKind = std::array<std::array<std::int32_t, kMostInteractions + 1>, kMostInteractions + 1>;

/// Counted: sessions and calls of a purchase event.
extern const PerKind kInteractionsOfAnEvent;
/// Fitted: sessions and calls before a user's first purchase, such that all purchases together, whose
/// histories accumulate, are distributed as kInteractionsOfAnEvent.
extern const PerKind kFirstInteractions;
/// Counted: sessions and calls that are new at a further purchase.
extern const PerKind kFurtherInteractions;
/// Counted: [purchases − 1]
extern const std::array<std::int32_t, kMostPurchases> kPurchasesOfAUser;
/// Counted: the share of purchases that hold the item; more than a million in total.
extern const PerItem kPopularity;
/// Counted: the share of purchases that an item is the need of, if each item of a purchase is equally likely
/// to be it.
extern const PerItem kNeedShare;
/// Counted: [need][items − 1]
extern const std::array<std::array<std::int32_t, kMostItems>, kItems> kItemsOfAPurchase;
/// Fitted: [need][item], the weights by which a purchase's further items are chosen, such that co-purchases
/// are as counted.
extern const std::array<PerItem, kItems> kFurtherItemWeights;

}  // namespace eddy::published
