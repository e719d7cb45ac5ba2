#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/batch.h"

namespace eddy {

/// What a source tells while it is polled. Called on the polling thread.
class SourceHandler {
 public:
  virtual ~SourceHandler() = default;
  /// One record; the views are valid during the call.
  virtual void on_record(ShardId shard, SourcePosition position, std::string_view key, bool has_key,
                         std::string_view value) = 0;
  /// From now on records of this shard may come. Gives, per topic, where to start; an empty map: the source's own default.
  virtual Result<Positions> on_assigned(ShardId shard) = 0;
  /// No record of this shard comes any more; the call returns when all before it is committed.
  virtual Result<void> on_revoked(ShardId shard) = 0;
};

/// One edge of the graph: where records come from. One thread calls everything.
class Source {
 public:
  virtual ~Source() = default;
  /// Connects and checks (topics exist, equal partition counts). Returns the number of shards.
  virtual Result<std::int32_t> open() = 0;
  /// Waits up to `timeout` and hands over what is there; false at the end of a bounded source.
  virtual Result<bool> poll(SourceHandler& handler, std::chrono::milliseconds timeout) = 0;
  /// No records until resume(), while poll() goes on being called.
  virtual void pause() = 0;
  virtual void resume() = 0;
  /// Tells the outside world what is committed (a consumer group's offsets); may be a no-op.
  virtual Result<void> committed(const Positions& positions) = 0;
  virtual void close() = 0;
};

}  // namespace eddy
