#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/training/feature_set.h"

namespace eddy {

/// For each item the share (0..1) of the examples `which` that bought it.
[[nodiscard]] std::vector<float> label_shares(const EncodedExamples& examples,
                                              std::span<const std::uint32_t> which);

/// What buyers want changes faster than how they say it. By how much the log odds of each item's share of
/// late examples differ from those of its share of all: added to the logits, it corrects them for that
/// change. `which`: indices in order of time. An example counts half as much as one that is 20 % of them
/// later, and the shares of all count as much as 20 examples more, so that little data moves little.
[[nodiscard]] std::vector<float> recent_log_odds(const EncodedExamples& examples,
                                                 std::span<const std::uint32_t> which);

}  // namespace eddy
