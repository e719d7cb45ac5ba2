#pragma once

#include <librdkafka/rdkafka.h>

#include <string>

#include "base/error.h"

namespace eddy {

/// True if the same call may succeed later without anyone doing anything: a broker is away, a leader moves.
[[nodiscard]] bool is_retriable(rd_kafka_resp_err_t code);

/// One line for a person: `what` could not be done, why, and what to do about it. `detail` is librdkafka's
/// own sentence where it says more than the code.
[[nodiscard]] Error kafka_error(rd_kafka_resp_err_t code, const std::string& what, const std::string& where,
                                const std::string& detail = {});

/// A message of a consumer that is an error and no record.
[[nodiscard]] Error message_error(const rd_kafka_message_t& message, const std::string& brokers);

}  // namespace eddy
