#pragma once

#include "base/result.h"
#include "operators/operator_registry.h"

namespace eddy {

/// Adds every operator that Eddy brings: the one list of them. Error: a name is taken.
Result<void> add_builtin_operators(OperatorRegistry& registry);

}  // namespace eddy
