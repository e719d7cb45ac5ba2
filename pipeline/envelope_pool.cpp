#include "pipeline/envelope_pool.h"

namespace eddy {

Envelope& EnvelopePool::take(ShardId shard) {
  const MutexLock lock(mutex_);
  if (free_.empty()) {
    all_.push_back(std::make_unique<Envelope>(shard));
    return *all_.back();
  }
  Envelope& envelope = *free_.back();
  free_.pop_back();
  envelope.batch.reset(shard);
  return envelope;
}

void EnvelopePool::give_back(Envelope& envelope) {
  envelope.batch.reset(envelope.batch.shard());  // here, and not in the polling thread's time
  envelope.unit.reset();
  envelope.wants_commit = false;
  envelope.is_committed = false;
  envelope.reserved_bytes = 0;
  const MutexLock lock(mutex_);
  free_.push_back(&envelope);
}

}  // namespace eddy
