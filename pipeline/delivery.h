#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.h"
#include "event/batch.h"
#include "state/store/profile_store.h"

namespace eddy {

/// How one shard's outputs leave, and what makes its units of commit final. One instance a shard; all calls
/// come from the thread of its committer.
///
///     ( write* ─▶ commit )*
///
/// After an error nothing but the destructor is called, which gives up what was not committed. An error's
/// remedy says what becomes of the shard: kRewind, kRelease or kStop.
class Delivery {
 public:
  virtual ~Delivery() = default;

  /// Hands over the outputs and dead letters of a batch; they belong to the unit under way. The batch stays
  /// as it is until the next commit() returns, so its bytes need not be copied.
  virtual Result<void> write(const Batch& batch) = 0;

  /// Returns when the unit cannot be lost any more, outputs included, and may be stored. Sets unit.changelog
  /// where there is a changelog.
  virtual Result<void> commit(UnitOfCommit& unit) = 0;
};

/// Makes a shard's delivery, and brings its store up to what was committed; is told how many shards there
/// are.
using DeliveryOpener =
    std::function<Result<std::unique_ptr<Delivery>>(ShardId shard, std::int32_t shards, ProfileStore& store)>;

/// What deliveries tell while they work; where nobody reads /metrics, nothing. Thread-safe.
class DeliveryListener {
 public:
  virtual ~DeliveryListener() = default;
  /// Something failed that will be tried again.
  virtual void on_retry(const Error& error) = 0;
  /// A unit was given up; the shard goes on from the commit before.
  virtual void on_abort(const Error& error) = 0;
  /// A shard reads its changelog; done == total at the end.
  virtual void on_restore(ShardId shard, std::uint64_t done, std::uint64_t total) = 0;
};

}  // namespace eddy
