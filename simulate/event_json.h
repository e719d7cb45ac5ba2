#pragma once

#include <string>

#include "event/event.h"

namespace eddy {

/// Appends the event as one line of the native JSON (docs/events.md), without a line feed. Times are
/// milliseconds.
void append_json(const Event& event, std::string& out);

}  // namespace eddy
