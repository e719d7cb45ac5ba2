#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "pipeline/kafka/kafka_options.h"
#include "pipeline/source.h"

namespace eddy {

class GroupMembership;

/// Topics of one Kafka cluster that are partitioned by user alike; partition n of all of them together is
/// shard n. A record's key is the user; a record without value has an empty one.
///
/// Unbounded, it is a member of a consumer group (range assignor), and shards come and go with the group's
/// rebalances:
///
///     poll → on_assigned(n) → on_started(n) → on_record… → on_revoked(n) or on_lost(n)   and so on, for each
///     shard n
///
/// Bounded, it reads all partitions up to their ends by itself. Where reading starts is decided by the
/// state's positions alone, never by the offsets that the group has committed.
class KafkaSource final : public Source {
 public:
  explicit KafkaSource(KafkaSourceOptions options);
  ~KafkaSource() override;
  KafkaSource(const KafkaSource&) = delete;
  KafkaSource& operator=(const KafkaSource&) = delete;

  /// Errors: properties that are not accepted, no broker answers, topics that are missing or whose partition
  /// counts differ.
  Result<std::int32_t> open() override;
  Result<bool> poll(SourceHandler& handler, std::chrono::milliseconds timeout) override;
  void pause() override;
  void resume() override;
  Result<void> rewind(SourceHandler& handler, ShardId shard) override;
  /// Commits the offsets for the group in the background, so that tools can show its lag; not where
  /// transactions do. A failure comes out of a later poll(), as an error to be retried.
  Result<void> committed(const Positions& positions) override;
  /// Leaves the group. Shards that are still assigned get no on_revoked(): the caller has drained them.
  void close() override;
  [[nodiscard]] bool has_its_shards() const override;
  /// In records; total is 0 for an unbounded source.
  [[nodiscard]] SourceProgress progress() const override;
  /// By the ends of the log as the last fetches told them.
  [[nodiscard]] std::map<std::int32_t, std::int64_t> lag() const override;
  /// How often all brokers were out of reach. Any thread.
  [[nodiscard]] std::uint64_t times_all_brokers_down() const;
  /// For the transactions that commit this source's offsets. Any thread; may outlive the source.
  [[nodiscard]] std::shared_ptr<const GroupMembership> membership() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy
