#include "pipeline/kafka/merged_partitions.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace eddy {
namespace {

constexpr std::size_t kRecordsAtOnce = 64;
/// Records that may be handed over before the empty partitions are looked at again. A queue signals only when
/// it was empty, which one with outdated records of an earlier assignment is not.
constexpr std::uint32_t kRecordsPerLook = 256;

/// What is no record, and a record without a time, comes as soon as it can.
std::int64_t time_of(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return std::numeric_limits<std::int64_t>::min();
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  return rd_kafka_message_timestamp(&message, &type);
}

}  // namespace

MergedPartitions::~MergedPartitions() {
  close();
}

void MergedPartitions::open(rd_kafka_t* client) {
  client_ = client;
  own_queue_.reset(rd_kafka_queue_get_consumer(client));
  rd_kafka_queue_cb_event_enable(own_queue_.get(), on_event, this);
}

void MergedPartitions::close() {
  unassign();
  if (own_queue_) rd_kafka_queue_cb_event_enable(own_queue_.get(), nullptr, nullptr);
  own_queue_.reset();
  client_ = nullptr;
}

void MergedPartitions::assign(const std::vector<TopicPartition>& partitions) {
  unassign();
  partitions_.resize(partitions.size());
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    Partition& partition = partitions_[i];
    partition.name = partitions[i];
    partition.queue.reset(
        rd_kafka_queue_get_partition(client_, partition.name.first.c_str(), partition.name.second));
    rd_kafka_queue_forward(partition.queue.get(), nullptr);
    rd_kafka_queue_cb_event_enable(partition.queue.get(), on_event, this);
    empty_.push_back(i);
    await(partition);
  }
}

void MergedPartitions::unassign() {
  for (const Partition& partition : partitions_)
    rd_kafka_queue_cb_event_enable(partition.queue.get(), nullptr, nullptr);
  partitions_.clear();
  heap_.clear();
  empty_.clear();
  awaited_ = 0;
}

void MergedPartitions::finish(const TopicPartition& name) {
  for (Partition& partition : partitions_) {
    if (partition.name != name) continue;
    partition.is_finished = true;
    stop_awaiting(partition);
  }
}

RdMessage MergedPartitions::next(std::chrono::milliseconds timeout) {
  if (++since_look_ >= kRecordsPerLook || has_signal_.exchange(false)) {
    since_look_ = 0;
    refill_empty();
  }
  if (!heap_.empty() && awaited_ == 0) return pop();
  auto now = Clock::now();
  for (const auto until = now + timeout; heap_.empty() || is_held(now);) {
    auto wait_until = until;
    for (const Partition& partition : partitions_)
      if (partition.is_awaited && !heap_.empty()) wait_until = std::min(wait_until, partition.awaited_until);
    const bool is_signalled = wait_for_signal(wait_until);
    refill_empty();
    if (is_signalled && heap_.empty()) return nullptr;  // perhaps an event of the consumer
    now = Clock::now();
    if (now >= until && (heap_.empty() || is_held(now))) return nullptr;
  }
  return pop();
}

void MergedPartitions::on_event(rd_kafka_t* /*client*/, void* self) {
  static_cast<MergedPartitions*>(self)->signal();
}

void MergedPartitions::signal() {
  if (has_signal_.exchange(true)) return;
  { const std::lock_guard lock(mutex_); }  // not between a look at has_signal_ and the sleep after it
  signalled_.notify_one();
}

bool MergedPartitions::wait_for_signal(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  signalled_.wait_until(lock, until, [this] { return has_signal_.load(); });
  return has_signal_.exchange(false);
}

void MergedPartitions::refill_empty() {
  const std::vector<std::size_t> indices = std::exchange(empty_, {});
  for (const std::size_t index : indices) refill(index);
}

void MergedPartitions::refill(std::size_t index) {
  Partition& partition = partitions_[index];
  partition.records.clear();
  partition.first = 0;
  // One by one: librdkafka 2.0 may lose records that are consumed in batches beside a pause or rebalance.
  while (partition.records.size() < kRecordsAtOnce) {
    RdMessage message(rd_kafka_consume_queue(partition.queue.get(), 0));
    if (message == nullptr) break;
    partition.records.push_back(std::move(message));
  }
  if (partition.records.empty()) {
    empty_.push_back(index);
    return;
  }
  stop_awaiting(partition);
  push(index);
}

void MergedPartitions::await(Partition& partition) {
  partition.is_awaited = true;
  partition.awaited_until = Clock::now() + patience_;
  ++awaited_;
}

void MergedPartitions::stop_awaiting(Partition& partition) {
  if (std::exchange(partition.is_awaited, false)) --awaited_;
}

bool MergedPartitions::is_at_end(const Partition& partition) const {
  if (partition.at_end || partition.is_finished) return true;
  std::int64_t low = 0, high = -1;
  const auto known = rd_kafka_get_watermark_offsets(client_, partition.name.first.c_str(),
                                                    partition.name.second, &low, &high);
  return known == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 && partition.next_offset >= high;
}

bool MergedPartitions::is_held(Clock::time_point now) {
  if (awaited_ == 0) return false;
  for (Partition& partition : partitions_)
    if (partition.awaited_until <= now) stop_awaiting(partition);
  return awaited_ > 0;
}

void MergedPartitions::push(std::size_t index) {
  const Partition& partition = partitions_[index];
  heap_.emplace_back(time_of(*partition.records[partition.first]), index);
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

RdMessage MergedPartitions::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
  const std::size_t index = heap_.back().second;
  heap_.pop_back();
  Partition& partition = partitions_[index];
  RdMessage message = std::move(partition.records[partition.first++]);
  partition.at_end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) partition.next_offset = message->offset + 1;
  if (partition.first < partition.records.size()) {
    push(index);
    return message;
  }
  refill(index);
  if (partition.records.empty() && !is_at_end(partition)) await(partition);
  return message;
}

}  // namespace eddy
