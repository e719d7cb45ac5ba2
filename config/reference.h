#pragma once

#include <string>

#include "operators/operator_registry.h"

namespace eddy {

/// docs/configuration.md: every setting of every section and operator, from the declarations that also read
/// them.
[[nodiscard]] std::string reference_page(const OperatorRegistry& registry);

}  // namespace eddy
