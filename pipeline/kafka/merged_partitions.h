#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "pipeline/kafka/rd_handle.h"
#include "pipeline/kafka/start_positions.h"

namespace eddy {

/// The assigned partitions of a consumer, merged by the time that each record has in its topic: what was
/// written first is read first, whatever topic it is in. Otherwise a consumer that catches up would read a
/// small topic to its end before it has read half of a large one, and purchases before the clicks that led to
/// them. Within a partition the order is the topic's, whatever its times are.
///
///     a partition's queue ─▶ some records, in order ─┐
///     a partition's queue ─▶ some records, in order ─┼─▶ the earliest of the first ones
///     a partition's queue ─▶ awaited ────────────────┘
///
/// A partition of which records are known to be under way holds the others up, but not for longer than
/// `patience`; one whose end was read holds up nobody. For the polling thread.
class MergedPartitions {
 public:
  explicit MergedPartitions(std::chrono::milliseconds patience) : patience_(patience) {}
  ~MergedPartitions();
  MergedPartitions(const MergedPartitions&) = delete;
  MergedPartitions& operator=(const MergedPartitions&) = delete;

  /// The consumer, which must outlive close(). Its own events (rebalances, errors) then wake next().
  void open(rd_kafka_t* client);
  /// Lets go of what open() and assign() took.
  void close();

  /// To be called before rd_kafka_assign() with the same partitions, so that their records come here and not
  /// from rd_kafka_consumer_poll(). Forgets all records that were not handed over.
  void assign(const std::vector<TopicPartition>& partitions);
  void unassign();
  /// Nobody waits for this partition any more.
  void finish(const TopicPartition& partition);

  /// The next record, or an event of a partition; null after `timeout`, or earlier when the consumer has an
  /// event.
  RdMessage next(std::chrono::milliseconds timeout);

 private:
  using Clock = std::chrono::steady_clock;

  struct Partition {
    TopicPartition name;
    RdQueue queue;
    std::vector<RdMessage> records;  // from `first` on, in order
    std::size_t first = 0;
    std::int64_t next_offset = -1;
    bool at_end = false;  // the last thing read was the partition's end
    bool is_finished = false;
    bool is_awaited = false;
    Clock::time_point awaited_until;
  };

  static void on_event(rd_kafka_t* client, void* self);
  void signal();
  /// False if `until` comes first.
  bool wait_for_signal(Clock::time_point until);

  void refill(std::size_t index);
  void refill_empty();
  void await(Partition& partition);
  void stop_awaiting(Partition& partition);
  [[nodiscard]] bool is_at_end(const Partition& partition) const;
  [[nodiscard]] bool is_held(Clock::time_point now);
  void push(std::size_t index);
  RdMessage pop();

  const std::chrono::milliseconds patience_;
  rd_kafka_t* client_ = nullptr;
  RdQueue own_queue_;
  std::vector<Partition> partitions_;
  std::vector<std::pair<std::int64_t, std::size_t>> heap_;  // time of the first record, and whose it is
  std::vector<std::size_t> empty_;                          // partitions without records
  std::size_t awaited_ = 0;
  std::uint32_t since_look_ = 0;

  std::mutex mutex_;
  std::condition_variable signalled_;
  std::atomic<bool> has_signal_{false};
};

}  // namespace eddy
