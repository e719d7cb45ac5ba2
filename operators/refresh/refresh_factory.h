#pragma once

#include <chrono>
#include <memory>

#include "operators/operator_registry.h"

namespace eddy {

class Prequential;
class ServedModels;

/// "refresh": reads the settings, and loads the bundles once for all shards.
std::unique_ptr<OperatorFactory> make_refresh_factory();

/// What the operators of one refresh factory share, for those who replace bundles and tell measures.
struct RefreshService {
  std::shared_ptr<ServedModels> models;
  std::shared_ptr<Prequential> prequential;
  std::chrono::milliseconds watch{0};  ///< how often the bundles' paths are to be looked at; 0: never
};

/// That of a prepared factory; nulls for the factory of another operator.
[[nodiscard]] RefreshService refresh_service(const OperatorFactory& factory);

}  // namespace eddy
