#pragma once

#include <filesystem>

#include "base/result.h"
#include "operators/operator_registry.h"

namespace eddy {

/// Loads a shared object and lets it add its operators to `registry`. What it adds enters all or not at all.
/// It stays loaded until the process ends, for its code lives there. Call at start, from one thread. Errors
/// (user's): no such file, no shared object, no plug-in of Eddy, built for another version or by another
/// compiler, or a name that is taken.
Result<void> load_plugin(const std::filesystem::path& path, OperatorRegistry& registry);

}  // namespace eddy
