#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace eddy {

/// How to reach a Kafka cluster.
struct KafkaOptions {
  std::string brokers;  ///< "host:port,host:port"
  /// Any librdkafka property, such as security.protocol; those that Eddy must set itself are refused. Values
  /// may be secrets: they are never logged and never part of an error.
  std::map<std::string, std::string> properties;
  /// How long a question to the cluster (do these topics exist?) may take.
  std::chrono::milliseconds patience{10'000};
};

/// What a KafkaSource reads.
struct KafkaSourceOptions {
  KafkaOptions cluster;
  std::vector<std::string> topics;  ///< co-partitioned by user: equal partition counts
  std::string group = "eddy";       ///< consumer group; a bounded source joins none
  std::string instance;             ///< static member of the group under this name; empty: none
  bool transactional = false;       ///< transactions commit the group's offsets (exactly_once)
  /// Where a shard without state begins: "beginning", "end", an RFC 3339 time (the first record that the
  /// broker stamped then or later), or an offset.
  std::string from = "beginning";
  /// Where a bounded source ends: a time or an offset (that record is no longer read); empty: the topics'
  /// ends as of open(). Giving it makes the source bounded.
  std::string to;
  /// Records are read in the order of their times in the topics. How long those of other partitions wait for
  /// records that are under way.
  std::chrono::milliseconds merge_patience{100};
  /// Reads all partitions by itself up to `to`, without joining a group, and then ends.
  bool bounded = false;
};

/// Where a KafkaSink writes.
struct KafkaSinkOptions {
  KafkaOptions cluster;
  std::string topic;
  /// The number of shards. If the topic has as many partitions, a shard writes to the partition of its
  /// number; otherwise (and for 0) the key decides, by Kafka's murmur2.
  std::int32_t shards = 0;
};

/// A topic as it should be.
struct TopicSpec {
  std::string name;
  std::int32_t partitions = 4;
  std::int32_t replication = -1;              ///< copies; -1: the cluster's default
  std::map<std::string, std::string> config;  ///< e.g. cleanup.policy: compact
};

}  // namespace eddy
