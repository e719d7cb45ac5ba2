#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "architecture/source_tree.h"

namespace eddy {

/// The room that a path belongs to: "state", "operators" (the interface), "operators/fold", …; empty for
/// none.
std::string room_of(std::string_view path);

/// Whether a file may include another by the plan of docs/architecture.md.
bool may_include(std::string_view from, std::string_view to);

/// Every include of `tree` that points the wrong way or nowhere, one line each.
std::vector<std::string> wrong_includes(const SourceTree& tree);

/// Every include of a third-party header outside its room, and every header that carries one out of its
/// folder.
std::vector<std::string> strayed_third_party_includes(const SourceTree& tree);

}  // namespace eddy
