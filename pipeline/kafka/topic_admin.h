#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/kafka/kafka_options.h"

namespace eddy {

/// What became of a topic that was to be created.
struct TopicOutcome {
  std::string name;
  std::int32_t partitions = 0;
  bool was_created = false;  ///< false: it existed, with the same partition count
};

/// The partition counts of those of the topics that exist; creates none. Error: no broker answers in time.
Result<std::map<std::string, std::int32_t>> existing_topics(const KafkaOptions& cluster,
                                                            const std::vector<std::string>& names);

/// The configuration of an existing topic, defaults included: "cleanup.policy" → "compact", … Error: no
/// broker answers in time, no such topic, no right.
Result<std::map<std::string, std::string>> topic_configuration(const KafkaOptions& cluster,
                                                               const std::string& topic);

/// Creates the topics that do not exist, and returns when the brokers know them all; in the order of `specs`.
/// Nothing is created if one exists with another partition count (user's error, naming all of them). Errors:
/// no broker answers, a name or configuration that the cluster refuses, no right.
Result<std::vector<TopicOutcome>> create_topics(const KafkaOptions& cluster,
                                                const std::vector<TopicSpec>& specs);

}  // namespace eddy
