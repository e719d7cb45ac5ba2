#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "config/settings.h"
#include "pipeline/kafka/kafka_options.h"

namespace eddy {

/// The changelog that a configuration names.
struct ChangelogPlace {
  KafkaOptions cluster;
  std::string topic;
  std::int32_t partitions = 0;             ///< one a shard
  std::chrono::milliseconds retention{0};  ///< how long it keeps deletions
};

/// Errors: a configuration without one (at_least_once), a topic that is missing or would lose profiles
/// (user's); no broker answers in time.
Result<ChangelogPlace> find_changelog(const Settings& settings);

}  // namespace eddy
