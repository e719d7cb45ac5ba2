#pragma once

#include <memory>
#include <vector>

#include "pipeline/kafka/kafka_options.h"
#include "simulate/record_writer.h"

namespace eddy {

/// Writes simulated records to the topics of these channels ("web", "calls", "purchases"), keyed by user; the
/// key decides the partition. Errors: no broker answers, or a topic is missing.
Result<std::unique_ptr<RecordWriter>> write_to_kafka(const KafkaOptions& cluster,
                                                     const std::vector<InputChannel>& channels);

}  // namespace eddy
