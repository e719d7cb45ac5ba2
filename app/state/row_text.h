#pragma once

#include <string>

#include "state/store/row_comparison.h"

namespace eddy {

/// One line for a person: which user or input position, and what differs. Control characters are shown as
/// '?'.
[[nodiscard]] std::string row_text(const RowDifference& row);

}  // namespace eddy
