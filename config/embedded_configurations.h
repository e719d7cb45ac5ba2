#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace eddy {

/// A configuration that is part of the program, as YAML with its comments: "default", or "preset:NAME".
/// Error (user's): there is none of that name.
Result<std::string_view> embedded_configuration(const std::string& name);

/// All names, as embedded_configuration() takes them.
[[nodiscard]] std::vector<std::string> embedded_configuration_names();

}  // namespace eddy
