#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/position.h"
#include "pipeline/kafka/group_members.h"
#include "pipeline/kafka/kafka_options.h"
#include "pipeline/kafka/start_positions.h"

namespace eddy {

/// Questions about where topics begin and end, and how far a group has read them. For one thread.
class OffsetQueries {
 public:
  /// Error: properties that are not accepted.
  static Result<std::unique_ptr<OffsetQueries>> connect(const KafkaOptions& cluster);
  ~OffsetQueries();
  OffsetQueries(const OffsetQueries&) = delete;
  OffsetQueries& operator=(const OffsetQueries&) = delete;

  /// The number of partitions that the topics have, all the same. Errors: a topic that is missing, different
  /// numbers (user's); no answer in time.
  Result<std::int32_t> partitions(const std::vector<std::string>& topics);
  /// Where the partitions begin and end; `from` is where a shard without state begins.
  Result<LogRanges> ranges(const std::vector<TopicPartition>& partitions, const TopicPoint& from);
  /// The offset of a point in each partition, also where it lies outside of the log.
  Result<Positions> at(const std::vector<TopicPartition>& partitions, const TopicPoint& point);
  /// What the group has committed; nothing where it has committed nothing.
  Result<Positions> committed(const std::string& group, const std::vector<TopicPartition>& partitions);
  /// Who is in the group now; a static member that has stopped stays in it for its session's time.
  Result<std::vector<GroupMember>> members(const std::string& group);

 private:
  struct Impl;
  explicit OffsetQueries(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy
