#pragma once

#include <string>

#include "config/settings_loader.h"

namespace eddy {

/// What a configuration will do, as a person would read it: sources, the chain of operators with their stages
/// and settings, sinks, budgets, and what should be known. Several lines; no secret in it.
[[nodiscard]] std::string plan_text(const LoadedSettings& loaded);

}  // namespace eddy
