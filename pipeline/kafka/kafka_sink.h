#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "pipeline/kafka/kafka_options.h"
#include "pipeline/sink.h"

namespace eddy {

/// One topic, written by an idempotent producer (lz4, a linger of 5 ms, 64 MiB of queue; properties change
/// the latter three). An empty value is written as a deletion (no value), which removes the key from a
/// compacted topic.
///
/// A dead letter has the record's key and value as they came, and the headers eddy.topic, eddy.partition,
/// eddy.offset and eddy.reason; flush() of the shard that its position names waits for it.
class KafkaSink final : public Sink {
 public:
  explicit KafkaSink(KafkaSinkOptions options);
  ~KafkaSink() override;
  KafkaSink(const KafkaSink&) = delete;
  KafkaSink& operator=(const KafkaSink&) = delete;

  /// Errors: properties that are not accepted, no broker answers, no such topic.
  Result<void> open() override;
  /// Blocks while the producer's queue is full. Error: the producer cannot go on, or the message is too
  /// large.
  Result<void> write(ShardId shard, std::string_view key, std::string_view value) override;
  Result<void> write_dead_letter(const DeadLetter& letter) override;
  /// Error: the first failed delivery since this shard's last flush.
  Result<void> flush(ShardId shard) override;
  /// Waits for all deliveries, as long as message.timeout.ms lets them be tried. May be called twice.
  Result<void> close() override;

  /// Messages that the brokers have acknowledged, by shard. Any thread.
  [[nodiscard]] std::map<std::int32_t, std::uint64_t> delivered() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy
