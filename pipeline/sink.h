#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "event/dead_letter.h"
#include "event/ids.h"

namespace eddy {

/// The other edge: where outputs go. Thread-safe: shards share a sink.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<void> open() = 0;
  /// Hands one message over; blocks while the sink is at its limit. `shard` is the partition to write to,
  /// where the sink has partitions.
  virtual Result<void> write(ShardId shard, std::string_view key, std::string_view value) = 0;
  /// A refused record, with its position and reason as headers (Kafka) or as JSON (files).
  virtual Result<void> write_dead_letter(const DeadLetter& letter) = 0;
  /// Returns when everything this shard wrote before is acknowledged; an error if any of it failed.
  virtual Result<void> flush(ShardId shard) = 0;
  virtual Result<void> close() = 0;
};

}  // namespace eddy
