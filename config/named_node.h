#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "operators/params.h"

namespace eddy {

/// What is written as `name` or `name: {settings}`: a source, an operator, where a sink leads.
struct NamedNode {
  std::string name;
  ParamNode settings;  ///< null without settings; its place is the name's
};

/// Reads one; `what` is its kind for the mistake ("a source"), which is appended if the node is neither.
std::optional<NamedNode> read_named_node(const ParamNode& node, const std::string& what,
                                         std::vector<Error>& mistakes);

/// The texts joined by ", ".
[[nodiscard]] std::string joined(const std::vector<std::string>& texts);

}  // namespace eddy
