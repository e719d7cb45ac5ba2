#include "operators/operator_registry.h"

#include <utility>

namespace eddy {

// NOLINTNEXTLINE(performance-unnecessary-value-param): it is moved from
Result<void> OperatorRegistry::add(std::string name, MakeFactory make) {
  const auto [place, is_new] = factories_.try_emplace(std::move(name), std::move(make));
  if (!is_new) {
    return user_error("an operator named '" + place->first +
                      "' exists already; operators, plug-ins included, need different names");
  }
  return {};
}

std::unique_ptr<OperatorFactory> OperatorRegistry::make(const std::string& name) const {
  const auto found = factories_.find(name);
  return found == factories_.end() ? nullptr : found->second();
}

std::vector<std::string> OperatorRegistry::names() const {
  std::vector<std::string> names;
  names.reserve(factories_.size());
  for (const auto& [name, make] : factories_) names.push_back(name);
  return names;
}

}  // namespace eddy
