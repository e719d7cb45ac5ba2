#pragma once

#include "config/settings.h"

namespace eddy {

/// Sends the log to the standard error, as text for people or as one JSON object a line. Called once at
/// start.
void start_logging(const LogSettings& settings);

}  // namespace eddy
