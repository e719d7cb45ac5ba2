#pragma once

#include <memory>
#include <vector>

#include "base/annotated_mutex.h"
#include "pipeline/envelope.h"

namespace eddy {

/// Envelopes that are used again with the memory that they have. Owns them all. Thread-safe.
class EnvelopePool {
 public:
  /// An empty envelope for a shard.
  Envelope& take(ShardId shard);
  void give_back(Envelope& envelope);

 private:
  Mutex mutex_;
  std::vector<std::unique_ptr<Envelope>> all_ EDDY_GUARDED_BY(mutex_);
  std::vector<Envelope*> free_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy
