#include "pipeline/kafka/topic_offsets.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "pipeline/kafka/kafka_client.h"
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

Result<void> await_leaders(rd_kafka_t* client, const std::map<std::string, std::int32_t>& counts,
                           const KafkaOptions& cluster) {
  std::vector<TopicPartition> partitions;
  for (const auto& [topic, count] : counts) {
    for (std::int32_t partition = 0; partition < count; ++partition) {
      partitions.emplace_back(topic, partition);
    }
  }
  EDDY_TRY(ask(client, partitions, kLatest, cluster));
  return {};
}

Result<Positions> committed_offsets(const KafkaOptions& cluster, const std::string& group,
                                    const std::vector<TopicPartition>& partitions) {
  EDDY_ASSIGN(RdConf conf, make_conf(cluster, {{"client.id", "eddy-offsets"}}, {{"group.id", group}}));
  EDDY_ASSIGN(const RdClient client, make_client(RD_KAFKA_CONSUMER, std::move(conf), cluster));
  const RdPartitionList list = partition_list(partitions);
  const auto code = rd_kafka_committed(client.get(), list.get(), static_cast<int>(cluster.patience.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return kafka_error(code, "the group's offsets cannot be read", group);
  }
  Positions offsets;
  for (int i = 0; i < list->cnt; ++i) {
    const auto& answer = list->elems[i];
    if (answer.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return kafka_error(answer.err, "the group's offsets cannot be read", group);
    }
    offsets[{answer.topic, answer.partition}] = answer.offset < 0 ? -1 : answer.offset;
  }
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

std::map<std::int32_t, std::int64_t> known_lag(rd_kafka_t* client, PartitionTable& table) {
  std::map<std::int32_t, std::int64_t> lags;
  for (const TopicPartition& partition : table.all()) {
    const std::int64_t next = table.at(partition).next.load(std::memory_order_relaxed);
    std::int64_t low = -1;
    std::int64_t high = -1;
    if (next < 0) continue;
    const auto code =
        rd_kafka_get_watermark_offsets(client, partition.first.c_str(), partition.second, &low, &high);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) continue;
    lags[partition.second] += std::max<std::int64_t>(0, high - next);
  }
  return lags;
}

Result<void> find_ends(rd_kafka_t* client, PartitionTable& table, const TopicPoint& to,
                       const KafkaOptions& cluster) {
  EDDY_ASSIGN(const Positions ends, offsets_of(client, table.all(), TopicEnd{}, cluster));
  EDDY_ASSIGN(const Positions wanted, offsets_of(client, table.all(), to, cluster));
  for (const auto& [partition, end] : ends) {
    table.at(partition).end = std::min(end, wanted.at(partition));
  }
  return {};
}

rd_kafka_resp_err_t commit_offsets(rd_kafka_t* client, const std::vector<TopicPartition>& partitions,
                                   const Positions& positions) {
  std::vector<TopicPartition> known;
  for (const TopicPartition& partition : partitions) {
    if (positions.contains(partition)) known.push_back(partition);
  }
  if (known.empty()) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const RdPartitionList list = partition_list(known, &positions);
  return rd_kafka_commit(client, list.get(), 1);
}

rd_kafka_resp_err_t first_failure(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* list) {
  for (int i = 0; list != nullptr && i < list->cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    code = list->elems[i].err;
  }
  return code;
}

}  // namespace eddy
