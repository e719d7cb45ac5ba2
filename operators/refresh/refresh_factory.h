#pragma once

#include <memory>

#include "operators/operator_registry.h"

namespace eddy {

/// "refresh": reads the settings, and loads the bundle once for all shards.
std::unique_ptr<OperatorFactory> make_refresh_factory();

}  // namespace eddy
