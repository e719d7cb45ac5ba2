#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/position.h"
#include "pipeline/kafka/kafka_options.h"
#include "pipeline/kafka/partition_table.h"
#include "pipeline/kafka/rd_handle.h"
#include "pipeline/kafka/start_positions.h"

namespace eddy {

/// A librdkafka list of the partitions; with their offsets where `offsets` has them.
RdPartitionList partition_list(const std::vector<TopicPartition>& partitions,
                               const Positions* offsets = nullptr);

/// The offset of `point` in each partition, by one question to each leader: of the oldest record that is
/// there, behind the last one (of finished transactions), or of the first record stamped at the time or later
/// (the end, if none is). An offset stands for itself. Error: a leader does not answer in time.
Result<Positions> offsets_of(rd_kafka_t* client, const std::vector<TopicPartition>& partitions,
                             const TopicPoint& point, const KafkaOptions& cluster);

/// Returns when the leader of each partition of the topics (`counts`: how many each has) serves it: metadata
/// name a new partition's leader before that one knows of it. Error: one does not answer in time.
Result<void> await_leaders(rd_kafka_t* client, const std::map<std::string, std::int32_t>& counts,
                           const KafkaOptions& cluster);

/// Where a bounded source ends: at `to`, or at the end of the log if that comes first.
Result<void> find_ends(rd_kafka_t* client, PartitionTable& table, const TopicPoint& to,
                       const KafkaOptions& cluster);

/// Commits the positions of those partitions that have one, in the background.
rd_kafka_resp_err_t commit_offsets(rd_kafka_t* client, const std::vector<TopicPartition>& partitions,
                                   const Positions& positions);
/// Of a commit as a whole, or of the first of its partitions that has one.
rd_kafka_resp_err_t first_failure(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* list);

/// What the group has committed of finished transactions; -1 where it has committed nothing. Error: no answer
/// in time.
Result<Positions> committed_offsets(const KafkaOptions& cluster, const std::string& group,
                                    const std::vector<TopicPartition>& partitions);

/// What start_positions() must know of the partitions; `from` is where a shard without state begins. Where
/// `from` lies outside of a log, its nearer end stands for it.
Result<LogRanges> log_ranges(rd_kafka_t* client, const std::vector<TopicPartition>& partitions,
                             const TopicPoint& from, const KafkaOptions& cluster);

/// Records that wait behind the next ones to be read, by shard, by the ends of the log as the last fetches
/// told them. Asks nobody.
std::map<std::int32_t, std::int64_t> known_lag(rd_kafka_t* client, PartitionTable& table);

}  // namespace eddy
