#include "pipeline/kafka/partition_table.h"

#include <algorithm>
#include <utility>

namespace eddy {

PartitionTable::PartitionTable(const std::vector<std::string>& topics, std::int32_t shards)
    : shards_(shards),
      progress_(std::make_unique<PartitionProgress[]>(topics.size() * static_cast<std::size_t>(shards))) {
  for (const std::string& topic : topics) {
    names_.emplace_back(topic);
    for (std::int32_t shard = 0; shard < shards; ++shard) all_.emplace_back(topic, shard);
  }
}

void PartitionTable::assign(const std::vector<TopicPartition>& partitions, const Positions& starts,
                            bool bounded) {
  unassign();
  assigned_ = partitions;
  for (const TopicPartition& partition : partitions) {
    PartitionProgress& progress = at(partition);
    progress.start = starts.at(partition);
    progress.next.store(progress.start, std::memory_order_relaxed);
    if (!bounded) continue;
    progress.is_done = progress.start >= progress.end;
    if (progress.is_done) continue;
    ++open_partitions_;
    bounded_total_ += static_cast<std::uint64_t>(progress.end - progress.start);
  }
}

void PartitionTable::unassign() {
  for (const TopicPartition& partition : assigned_) at(partition).next.store(-1);
  assigned_.clear();
  open_partitions_ = 0;
  bounded_total_ = 0;
}

std::set<std::int32_t> PartitionTable::assigned_shards() const {
  std::set<std::int32_t> shards;
  for (const TopicPartition& partition : assigned_) shards.insert(partition.second);
  return shards;
}

std::vector<TopicPartition> PartitionTable::unfinished() {
  std::vector<TopicPartition> unfinished;
  for (const TopicPartition& partition : assigned_) {
    if (!at(partition).is_done) unfinished.push_back(partition);
  }
  return unfinished;
}

Positions PartitionTable::next_positions() {
  Positions positions;
  for (const TopicPartition& partition : assigned_) {
    positions[partition] = at(partition).next.load(std::memory_order_relaxed);
  }
  return positions;
}

bool PartitionTable::finish(int topic, std::int32_t partition) {
  if (std::exchange(at(topic, partition).is_done, true)) return false;
  --open_partitions_;
  return true;
}

std::uint64_t PartitionTable::bounded_done() {
  std::uint64_t done = 0;
  for (const TopicPartition& partition : assigned_) {
    const PartitionProgress& progress = at(partition);
    const std::int64_t next = progress.is_done ? progress.end : progress.next.load(std::memory_order_relaxed);
    done += static_cast<std::uint64_t>(std::max<std::int64_t>(0, next - progress.start));
  }
  return done;
}

std::vector<TopicPartition> PartitionTable::of_shard(std::int32_t shard) const {
  std::vector<TopicPartition> partitions;
  for (const TopicName name : names_) partitions.emplace_back(name.str(), shard);
  return partitions;
}

int PartitionTable::topic_index(std::string_view topic) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i].str() == topic) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace eddy
