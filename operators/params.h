#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace eddy {

/// A tree of settings with the places they came from; no YAML type, so that operators and plug-ins need none.
struct ParamNode {
  std::variant<std::monostate, std::string, std::vector<ParamNode>, std::map<std::string, ParamNode>> value;
  std::string where;  ///< "eddy.yaml:12"
  /// Set where the value came from the environment or a secret's file: the text as written ("${PASSWORD}").
  /// Messages and plans show this, never the value.
  std::optional<std::string> written;

  [[nodiscard]] bool is_null() const { return value.index() == 0; }
  [[nodiscard]] const std::string* scalar() const { return std::get_if<std::string>(&value); }
  [[nodiscard]] const std::vector<ParamNode>* list() const {
    return std::get_if<std::vector<ParamNode>>(&value);
  }
  [[nodiscard]] const std::map<std::string, ParamNode>* map() const {
    return std::get_if<std::map<std::string, ParamNode>>(&value);
  }
  /// The child of a map; null if this is no map or has no such key.
  [[nodiscard]] const ParamNode* find(const std::string& key) const {
    const auto* children = map();
    if (children == nullptr) return nullptr;
    const auto found = children->find(key);
    return found == children->end() ? nullptr : &found->second;
  }
  /// A scalar as it may be shown to people; empty for anything else.
  [[nodiscard]] std::string shown() const {
    if (written) return *written;
    return scalar() != nullptr ? *scalar() : std::string();
  }
};

}  // namespace eddy
