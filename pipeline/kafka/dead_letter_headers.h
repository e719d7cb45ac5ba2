#pragma once

#include "event/dead_letter.h"
#include "pipeline/kafka/rd_handle.h"

namespace eddy {

/// What a dead letter says of itself: eddy.topic, eddy.partition, eddy.offset and eddy.reason, all as text.
[[nodiscard]] RdHeaders dead_letter_headers(const DeadLetter& letter);

}  // namespace eddy
