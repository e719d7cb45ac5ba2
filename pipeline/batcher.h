#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string_view>

#include "pipeline/envelope_pool.h"
#include "pipeline/flow_limiter.h"
#include "pipeline/pipeline_options.h"

namespace eddy {

/// Gathers each shard's records to batches. For the polling thread alone.
class Batcher {
 public:
  using Emit = std::function<void(ShardId, Envelope&)>;

  Batcher(const PipelineOptions& options, EnvelopePool& pool, FlowLimiter& limiter, Emit emit);

  /// Adds a record and emits the batch if that made it full.
  void add(ShardId shard, SourcePosition position, std::string_view key, bool has_key, std::string_view value,
           std::chrono::steady_clock::time_point now);
  /// Emits the batches that have waited long enough.
  void emit_due(std::chrono::steady_clock::time_point now);
  /// Emits what the shard has, empty or not, as the last one before a stop.
  void emit_last(ShardId shard);
  /// Drops what the shard has gathered: it is not this process's any more.
  void drop(ShardId shard);
  /// When emit_due has something to do next; the far future if there is nothing.
  [[nodiscard]] std::chrono::steady_clock::time_point next_due() const;

 private:
  void emit(ShardId shard, Envelope& envelope);

  const PipelineOptions options_;
  EnvelopePool& pool_;
  FlowLimiter& limiter_;
  const Emit emit_;
  std::map<ShardId, Envelope*> open_;  // batches that hold at least one record
};

}  // namespace eddy
