#pragma once

#include "base/result.h"
#include "pipeline/kafka/kafka_options.h"

namespace eddy {

/// What open() would refuse before it asks a broker: properties that librdkafka does not know, or that Eddy
/// must set itself. All of them in one error (the user's). Connects to nothing.
Result<void> check_kafka_source(const KafkaSourceOptions& options);
Result<void> check_kafka_sink(const KafkaSinkOptions& options);

}  // namespace eddy
