#pragma once

#include <memory>

#include "operators/operator_registry.h"

namespace eddy {

/// "publish": writes recommendations as outputs, when they changed.
std::unique_ptr<OperatorFactory> make_publish_factory();

}  // namespace eddy
