#pragma once

#include <librdkafka/rdkafka.h>

#include <string>

#include "base/error.h"

namespace eddy {

/// Of a message whose delivery librdkafka reports: true if the broker said where in the log it is.
///
/// Librdkafka also reports success for messages whose request was refused, once the broker accepts a later
/// request of that partition ("implicitly acked"): to an idempotent producer the later one proves the earlier
/// one. It proves nothing where the broker keeps no state of the producer yet, since it then accepts any
/// first sequence number (KAFKA-15591): a partition that was just made or just moved refuses the first
/// request, accepts the second, and the messages of the first are nowhere. Such messages have no offset.
[[nodiscard]] bool is_in_log(const rd_kafka_message_t& delivered);

/// What to say and do (Remedy::kRewind) when is_in_log() is false though the report has no error.
[[nodiscard]] Error unproven_delivery(const std::string& topic);

}  // namespace eddy
