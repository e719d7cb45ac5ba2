#pragma once

#include <memory>

#include "operators/operator_registry.h"

namespace eddy {

/// "decode": turns the batch's records into items. A record that is no event, or whose key is not its user,
/// is refused.
std::unique_ptr<OperatorFactory> make_decode_factory();

}  // namespace eddy
