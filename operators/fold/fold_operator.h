#pragma once

#include <memory>

#include "operators/operator_registry.h"

namespace eddy {

/// "fold": folds events into the facts of their users' profiles.
std::unique_ptr<OperatorFactory> make_fold_factory();

}  // namespace eddy
