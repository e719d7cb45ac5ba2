#pragma once

#include <string_view>

namespace eddy {

/// A named step of the commit or of a restore, at which a test may let the process die: with
/// EDDY_CRASH_AT=NAME:N in its environment it kills itself (SIGKILL) at the N-th pass. Without it, a pass
/// costs one comparison. Thread-safe.
void crash_point(std::string_view name);

}  // namespace eddy
