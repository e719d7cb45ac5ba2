#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "pipeline/kafka/kafka_options.h"

namespace eddy {

/// How long the changelog keeps deletions (its delete.retention.ms). Errors: a topic that would lose
/// profiles, since it is not only compacted (user's); no such topic; no answer in time.
Result<std::chrono::milliseconds> changelog_retention(const KafkaOptions& cluster, const std::string& topic);

}  // namespace eddy
