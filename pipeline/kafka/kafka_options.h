#pragma once

#include <map>
#include <string>
#include <vector>

namespace eddy {

/// How a cluster is reached.
struct KafkaOptions {
  std::string brokers;                            ///< "host:port,host:port"
  std::map<std::string, std::string> properties;  ///< any of librdkafka's; may hold secrets, never logged
};

/// What a KafkaSource reads.
struct KafkaSourceOptions {
  KafkaOptions cluster;
  std::string group = "eddy";
  std::vector<std::string> topics;  ///< all keyed by user, with equal partition counts
};

/// Where a KafkaSink writes.
struct KafkaSinkOptions {
  KafkaOptions cluster;
  std::string topic;
};

}  // namespace eddy
