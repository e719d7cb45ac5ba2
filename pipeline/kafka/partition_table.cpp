#include "pipeline/kafka/partition_table.h"

namespace eddy {

PartitionTable::PartitionTable(const std::vector<std::string>& topics, std::int32_t shards)
    : shards_(shards),
      progress_(std::make_unique<PartitionProgress[]>(topics.size() * static_cast<std::size_t>(shards))) {
  for (const std::string& topic : topics) {
    names_.emplace_back(topic);
    for (std::int32_t shard = 0; shard < shards; ++shard) all_.emplace_back(topic, shard);
  }
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
