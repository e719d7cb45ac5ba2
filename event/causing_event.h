#pragma once

#include <string>

#include "event/batch.h"

namespace eddy {

/// What names the event that caused an output: its own id or, without one, where it was read:
/// "topic/partition/offset". The same after a restart and in a replay of the same input, so that a reader can
/// drop repeats.
[[nodiscard]] EventId causing_event(const Batch& batch, const Item& item);

}  // namespace eddy
