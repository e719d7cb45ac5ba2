#include "pipeline/kafka/topic_offsets.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "pipeline/kafka/kafka_error.h"

namespace eddy {
namespace {

// What ListOffsets of the protocol means by these "times".
constexpr std::int64_t kLatest = -1;
constexpr std::int64_t kEarliest = -2;
constexpr std::chrono::milliseconds kBetweenTries{50};

Result<Positions> ask_once(rd_kafka_t* client, const std::vector<TopicPartition>& partitions,
                           std::int64_t time, const KafkaOptions& cluster) {
  const RdPartitionList list = partition_list(partitions);
  for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = time;
  const auto code =
      rd_kafka_offsets_for_times(client, list.get(), static_cast<int>(cluster.patience.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return kafka_error(code, "the offsets of the topics cannot be read", cluster.brokers);
  }
  Positions offsets;
  for (int i = 0; i < list->cnt; ++i) {
    const auto& answer = list->elems[i];
    const TopicPartition partition{answer.topic, answer.partition};
    if (answer.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return kafka_error(answer.err, "the offsets of the topic cannot be read",
                         partition.first + "/" + std::to_string(partition.second));
    }
    offsets[partition] = answer.offset;
  }
  return offsets;
}

/// Tries again while a leader moves or a new topic's leader is not ready.
Result<Positions> ask(rd_kafka_t* client, const std::vector<TopicPartition>& partitions, std::int64_t time,
                      const KafkaOptions& cluster) {
  const auto deadline = std::chrono::steady_clock::now() + cluster.patience;
  for (;;) {
    auto offsets = ask_once(client, partitions, time, cluster);
    if (offsets || offsets.error().remedy != Remedy::kRetry) return offsets;
    if (std::chrono::steady_clock::now() + kBetweenTries > deadline) return offsets;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace

RdPartitionList partition_list(const std::vector<TopicPartition>& partitions, const Positions* offsets) {
  RdPartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const TopicPartition& partition : partitions) {
    auto* element = rd_kafka_topic_partition_list_add(list.get(), partition.first.c_str(), partition.second);
    if (offsets != nullptr) element->offset = offsets->at(partition);
  }
  return list;
}

Result<Positions> offsets_of(rd_kafka_t* client, const std::vector<TopicPartition>& partitions,
                             const TopicPoint& point, const KafkaOptions& cluster) {
  if (std::holds_alternative<TopicBeginning>(point)) return ask(client, partitions, kEarliest, cluster);
  if (std::holds_alternative<TopicEnd>(point)) return ask(client, partitions, kLatest, cluster);
  if (const auto* offset = std::get_if<std::int64_t>(&point)) {
    Positions offsets;
    for (const TopicPartition& partition : partitions) offsets[partition] = *offset;
    return offsets;
  }
  EDDY_ASSIGN(Positions offsets, ask(client, partitions, std::get<EventTime>(point).milliseconds, cluster));
  std::vector<TopicPartition> behind;
  for (const auto& [partition, offset] : offsets) {
    if (offset < 0) behind.push_back(partition);
  }
  if (behind.empty()) return offsets;
  EDDY_ASSIGN(const Positions ends, ask(client, behind, kLatest, cluster));
  for (const auto& [partition, end] : ends) offsets[partition] = end;
  return offsets;
}

Result<LogRanges> log_ranges(rd_kafka_t* client, const std::vector<TopicPartition>& partitions,
                             const TopicPoint& from, const KafkaOptions& cluster) {
  LogRanges ranges;
  EDDY_ASSIGN(ranges.first, offsets_of(client, partitions, TopicBeginning{}, cluster));
  EDDY_ASSIGN(ranges.end, offsets_of(client, partitions, TopicEnd{}, cluster));
  EDDY_ASSIGN(ranges.default_start, offsets_of(client, partitions, from, cluster));
  for (auto& [partition, start] : ranges.default_start) {
    start = std::clamp(start, ranges.first.at(partition), ranges.end.at(partition));
  }
  return ranges;
}

}  // namespace eddy
