#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/kafka/kafka_options.h"
#include "pipeline/kafka/rd_handle.h"

namespace eddy {

/// Topics are named, each once; a group where one is needed. Error: the user's.
Result<void> check_consumer_options(const KafkaSourceOptions& options, bool bounded);

/// The librdkafka configuration of a consumer that commits nothing by itself and never moves a position by
/// itself. Callbacks and their opaque are the caller's to add. Error: the user's properties.
Result<RdConf> consumer_conf(const KafkaSourceOptions& options, bool bounded);

/// The partition count that all topics share. Error (user's): topics that are missing or differ, by name.
Result<std::int32_t> equal_partition_count(const std::vector<std::string>& topics,
                                           const std::map<std::string, std::int32_t>& counts,
                                           const std::string& brokers);

/// Subscribes to the topics as a member of the group.
Result<void> subscribe(rd_kafka_t* client, const KafkaSourceOptions& options);

/// The shards of the partitions that the group gave. Error (user's): a shard lacks some topic, or is beyond
/// `shards`.
Result<std::vector<std::int32_t>> whole_shards(const rd_kafka_topic_partition_list_t& list,
                                               const KafkaSourceOptions& options, std::int32_t shards);

/// Whether a failed commit of offsets needs no one's attention: a rebalance is under way, and the next commit
/// makes up for it. The state holds the positions in any case.
[[nodiscard]] bool is_passing_commit_failure(rd_kafka_resp_err_t code);

}  // namespace eddy
