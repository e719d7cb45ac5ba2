#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/batch.h"

namespace eddy {

/// What a source tells while it is polled. Called on the polling thread, but for on_assigned().
class SourceHandler {
 public:
  virtual ~SourceHandler() = default;
  /// One record; the views are valid during the call.
  virtual void on_record(ShardId shard, SourcePosition position, std::string_view key, bool has_key,
                         std::string_view value) = 0;
  /// From now on records of this shard may come. Gives, per topic, where to start; an empty map: the source's
  /// own default. Shards that are assigned together may come from several threads at once, one each, while
  /// the polling thread waits for them.
  virtual Result<Positions> on_assigned(ShardId shard) = 0;
  /// Where the records of this shard begin, for every topic; comes once after on_assigned. What stores these
  /// positions with its first commit makes the start of a topic that stays quiet certain.
  virtual void on_started(ShardId /*shard*/, const Positions& /*positions*/) {}
  /// A record that the source itself must refuse, such as a line without end: its first bytes and the reason.
  /// By default it goes on as a record, which then cannot be decoded.
  virtual void on_refused(ShardId shard, SourcePosition position, std::string_view first_bytes,
                          std::string_view /*reason*/) {
    on_record(shard, position, {}, false, first_bytes);
  }
  /// No record of this shard comes any more; the call returns when all before it is committed.
  virtual Result<void> on_revoked(ShardId shard) = 0;
  /// The shard is another process's already, or could not be opened together with others: what is not
  /// committed must be dropped. May come for a shard that on_assigned() failed for. Only a source whose
  /// shards are shared with other processes says this.
  virtual void on_lost(ShardId /*shard*/) {}
};

/// How far a bounded source has come, in units of its own (bytes of files, records of topics).
struct SourceProgress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;  ///< 0: unknown, or unbounded
};

/// One edge of the graph: where records come from. One thread calls everything but progress() and lag().
class Source {
 public:
  virtual ~Source() = default;
  /// Connects and checks (topics exist, equal partition counts). Returns the number of shards.
  virtual Result<std::int32_t> open() = 0;
  /// Waits up to `timeout` and hands over what is there; false at the end of a bounded source. An error whose
  /// remedy is kRetry has harmed nothing: say it and poll again.
  virtual Result<bool> poll(SourceHandler& handler, std::chrono::milliseconds timeout) = 0;
  /// No records until resume(), while poll() goes on being called.
  virtual void pause() = 0;
  virtual void resume() = 0;
  /// Begins a shard anew, after its uncommitted records were dropped: on_assigned() and on_started() come
  /// again, then the records from there. Does nothing for a shard that is not assigned any more. Error: this
  /// source cannot go back, or the handler's own.
  virtual Result<void> rewind(SourceHandler& /*handler*/, ShardId /*shard*/) {
    return internal_error("this source cannot go back");
  }
  /// Tells the outside world what is committed (a consumer group's offsets); may be a no-op.
  virtual Result<void> committed(const Positions& positions) = 0;
  /// Lets go of everything; the caller has committed what it wants. May be called twice.
  virtual void close() = 0;
  /// Whether it has taken over the shards that it was given, be they none. Any thread.
  [[nodiscard]] virtual bool has_its_shards() const { return true; }
  /// Any thread.
  [[nodiscard]] virtual SourceProgress progress() const { return {}; }
  /// Records that wait behind the last one handed over, by shard; empty where that is unknown. Any thread.
  [[nodiscard]] virtual std::map<std::int32_t, std::int64_t> lag() const { return {}; }
};

}  // namespace eddy
