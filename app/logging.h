#pragma once

#include "config/settings.h"

namespace eddy {

/// Sends the log to the standard error, as text for people or as one JSON object a line. Called at
/// start, and again when the configuration is known.
void start_logging(const LogSettings& settings);

}  // namespace eddy
