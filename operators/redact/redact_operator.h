#pragma once

#include <memory>

#include "operators/operator_registry.h"

namespace eddy {

/// "redact": takes personal data out of texts, keywords and tags before anything is kept of them.
std::unique_ptr<OperatorFactory> make_redact_factory();

}  // namespace eddy
