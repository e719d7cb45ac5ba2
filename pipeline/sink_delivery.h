#pragma once

#include "pipeline/delivery.h"
#include "pipeline/sink_set.h"

namespace eddy {

/// at_least_once: a unit is final when every sink has acknowledged its outputs; the store's write then makes
/// profiles and input positions last. A crash in between writes the outputs again, with the same ids.
class SinkDelivery final : public Delivery {
 public:
  /// `sinks` outlives this.
  SinkDelivery(ShardId shard, SinkSet& sinks) : shard_(shard), sinks_(sinks) {}

  Result<void> write(const Batch& batch) override { return sinks_.write(batch); }
  Result<void> commit(UnitOfCommit& /*unit*/) override { return sinks_.flush(shard_); }

 private:
  const ShardId shard_;
  SinkSet& sinks_;
};

}  // namespace eddy
