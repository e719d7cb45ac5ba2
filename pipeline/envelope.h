#pragma once

#include <cstddef>
#include <optional>

#include "event/batch.h"
#include "event/position.h"
#include "state/store/profile_store.h"

namespace eddy {

/// A batch on its way through one shard, and what goes with it. Recycled.
struct Envelope {
  explicit Envelope(ShardId shard) : batch(shard) {}

  Batch batch;
  std::size_t reserved_bytes = 0;    ///< held at the flow limiter until the batch is committed
  bool wants_commit = false;         ///< the last batch before a stop: commit whatever the interval says
  bool is_committed = false;         ///< false where it was given up
  std::optional<UnitOfCommit> unit;  ///< set by the profile stage: commit after this batch's outputs
};

}  // namespace eddy
