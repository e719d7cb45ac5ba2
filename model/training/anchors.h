#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/recommenders/network.h"
#include "model/training/feature_set.h"

namespace eddy {

/// The anchors of Relative representation: examples with exactly one session and one call, each at most once.
/// An item is drawn by its share of the purchases, then one of the examples that bought it. Fewer than
/// `count` where there are not so many. The same seed gives the same anchors.
[[nodiscard]] std::vector<std::uint32_t> choose_anchors(const EncodedExamples& examples, std::size_t count,
                                                        std::uint64_t seed);

/// Every interaction of one channel as an example of its own, with what its example bought and could buy.
[[nodiscard]] EncodedExamples single_interactions(const EncodedExamples& examples, Channel channel);

}  // namespace eddy
