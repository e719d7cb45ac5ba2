#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/settings.h"
#include "pipeline/kafka/kafka_options.h"

namespace eddy {

/// How topics are made that do not exist yet.
struct TopicPlanOptions {
  std::int32_t partitions = 4;
  std::int32_t replication = -1;              ///< copies; -1: the cluster's default
  std::string compacted = "recommendations";  ///< the sink whose topic keeps each key's last value
};

/// The topics of one cluster.
struct ClusterTopics {
  KafkaOptions cluster;
  std::vector<TopicSpec> topics;
};

/// Every Kafka topic that the settings read or write, each once, by cluster: sources first, in the order of
/// the configuration, the changelog last. Sinks get as many partitions as the sources, so that a shard writes
/// to the partition of its number.
[[nodiscard]] std::vector<ClusterTopics> plan_topics(const Settings& settings,
                                                     const TopicPlanOptions& options);

}  // namespace eddy
