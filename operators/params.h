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

  [[nodiscard]] bool is_null() const { return value.index() == 0; }
  [[nodiscard]] const std::string* scalar() const { return std::get_if<std::string>(&value); }
  [[nodiscard]] const std::vector<ParamNode>* list() const { return std::get_if<std::vector<ParamNode>>(&value); }
  [[nodiscard]] const std::map<std::string, ParamNode>* map() const {
    return std::get_if<std::map<std::string, ParamNode>>(&value);
  }
};

}  // namespace eddy
