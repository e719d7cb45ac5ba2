#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "event/recommendation.h"

namespace eddy {

/// The `keep` best items, highest score first, ties by index; items that score 0 may not be sold and are
/// absent. `ranked` is replaced; its memory is reused. Allocates at most once. False if a score is not a
/// number.
[[nodiscard]] bool rank(std::span<const float> scores, std::size_t keep, std::vector<ScoredItem>& ranked);

}  // namespace eddy
