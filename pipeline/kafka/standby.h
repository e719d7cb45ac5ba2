#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "event/ids.h"
#include "pipeline/kafka/kafka_options.h"
#include "state/store/profile_store.h"

namespace eddy {

class GroupMembership;

struct StandbyOptions {
  KafkaOptions cluster;
  std::string group;
  std::string changelog;
};

/// What standbys use, and whom they tell; all outlive them. The functions are called on the standbys' thread.
struct StandbyParts {
  std::shared_ptr<const GroupMembership> membership;
  const Clock* clock = nullptr;
  /// Opens a shard's store; is told how many shards there are.
  std::function<Result<std::unique_ptr<ProfileStore>>(ShardId, std::int32_t)> open_store;
  /// How many copies are kept, and how many offsets of the changelog they are behind.
  std::function<void(std::size_t shards, std::uint64_t lag)> on_state;
  std::function<void(ShardId)> on_warm;  ///< a copy has reached what was the changelog's end when it began
  std::function<void(const Error&)> on_error;  ///< it will be tried again
};

/// Warm copies of shards that other members of the group own: stores that follow the changelog, so that a
/// take-over needs to read its tail only. A thread of its own looks at the group every few seconds, and
/// follows those shards that this process would be given next (standby_plan.h).
///
///     followed ─take()▶ the pipeline's ─its lease ends▶ followed, if the group says so
class StandbyShards {
 public:
  StandbyShards(StandbyOptions options, StandbyParts parts);
  /// Closes the copies.
  ~StandbyShards();
  StandbyShards(const StandbyShards&) = delete;
  StandbyShards& operator=(const StandbyShards&) = delete;

  /// The caller is about to open the shard's store: closes the copy, and keeps away from the shard until the
  /// returned lease is let go, for which the store must be closed. May be called again before. Any thread; a
  /// lease may outlive this.
  [[nodiscard]] std::shared_ptr<void> take(ShardId shard);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace eddy
