#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "event/position.h"
#include "pipeline/kafka/start_positions.h"

namespace eddy {

/// Where a consumer stands in one partition. `next` may be read by any thread, all else by the polling one.
struct PartitionProgress {
  std::atomic<std::int64_t> next{-1};  ///< offset of the record to be read next; -1: not assigned
  std::int64_t start = 0;              ///< where reading began; bounded sources only
  std::int64_t end = 0;                ///< where a bounded source stops
  bool is_done = false;                ///< a bounded source has reached the end
};

/// All partitions of all topics of a source, topics in the order given, each with the same number of
/// partitions; and which of them are assigned to this process. For the polling thread, but for what is const.
class PartitionTable {
 public:
  PartitionTable(const std::vector<std::string>& topics, std::int32_t shards);

  /// These partitions are read from now on, beginning at `starts`, and no others. A bounded source has then
  /// reached the end of those that begin there.
  void assign(const std::vector<TopicPartition>& partitions, const Positions& starts, bool bounded);
  void unassign();
  [[nodiscard]] const std::vector<TopicPartition>& assigned() const { return assigned_; }
  [[nodiscard]] std::set<std::int32_t> assigned_shards() const;
  /// The assigned ones of which more is to be read.
  [[nodiscard]] std::vector<TopicPartition> unfinished();
  /// Where each assigned partition is to be read on.
  [[nodiscard]] Positions next_positions();

  /// A bounded source has read the partition to its end; false if that was known.
  bool finish(int topic, std::int32_t partition);
  /// Assigned partitions of a bounded source whose end is not reached.
  [[nodiscard]] std::int64_t open_partitions() const { return open_partitions_; }
  /// Records from the starts to the ends, and how many of them were read.
  [[nodiscard]] std::uint64_t bounded_total() const { return bounded_total_; }
  [[nodiscard]] std::uint64_t bounded_done();

  [[nodiscard]] const std::vector<TopicPartition>& all() const { return all_; }
  [[nodiscard]] std::int32_t shards() const { return shards_; }
  [[nodiscard]] std::vector<TopicPartition> of_shard(std::int32_t shard) const;
  /// -1: the topic is none of ours.
  [[nodiscard]] int topic_index(std::string_view topic) const;
  [[nodiscard]] TopicName topic_name(int topic) const { return names_[static_cast<std::size_t>(topic)]; }
  [[nodiscard]] PartitionProgress& at(int topic, std::int32_t partition) {
    return progress_[static_cast<std::size_t>(topic) * static_cast<std::size_t>(shards_) +
                     static_cast<std::size_t>(partition)];
  }
  /// The partition must be one of ours.
  [[nodiscard]] PartitionProgress& at(const TopicPartition& partition) {
    return at(topic_index(partition.first), partition.second);
  }

 private:
  std::vector<TopicName> names_;
  std::int32_t shards_;
  std::vector<TopicPartition> all_;
  std::unique_ptr<PartitionProgress[]> progress_;
  std::vector<TopicPartition> assigned_;
  std::int64_t open_partitions_ = 0;
  std::uint64_t bounded_total_ = 0;
};

}  // namespace eddy
