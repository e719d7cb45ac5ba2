#pragma once

#include <memory>
#include <string>

#include "operators/operator_registry.h"

namespace eddy {

/// One operator of the graph: its name and the prepared factory that makes an instance for each shard.
struct OperatorStep {
  std::string name;
  std::shared_ptr<OperatorFactory> factory;
};

}  // namespace eddy
