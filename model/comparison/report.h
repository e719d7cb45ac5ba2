#pragma once

#include <string>

#include "model/comparison/comparison.h"

namespace eddy {

/// Everything, for programs; docs/compare.md has the fields.
[[nodiscard]] std::string to_json(const Comparison& comparison);

/// The tables, for people and repositories.
[[nodiscard]] std::string to_markdown(const Comparison& comparison);

/// One self-contained page: tables and plots; no script and nothing from elsewhere. Follows the reader's
/// colour scheme.
[[nodiscard]] std::string to_html(const Comparison& comparison);

}  // namespace eddy
