#include "pipeline/committer.h"

#include <exception>
#include <utility>

#include "pipeline/crash_point.h"

namespace eddy {

Committer::Committer(ShardId shard, Delivery& delivery, ProfileStore& store, Callbacks callbacks)
    : shard_(shard), delivery_(delivery), store_(store), callbacks_(std::move(callbacks)), thread_([this] {
        run();
      }) {}

Committer::~Committer() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Committer::put(Envelope& envelope) {
  {
    const MutexLock lock(mutex_);
    queue_.push_back(&envelope);
  }
  changed_.notify_all();
}

void Committer::wait() {
  MutexLock lock(mutex_);
  while (!queue_.empty() || is_busy_) changed_.wait(lock);
}

void Committer::run() {
  MutexLock lock(mutex_);
  while (true) {
    while (!is_stopping_ && queue_.empty()) changed_.wait(lock);
    if (queue_.empty()) break;
    Envelope* envelope = queue_.front();
    queue_.pop_front();
    is_busy_ = true;
    lock.unlock();
    handle(*envelope);
    lock.lock();
    is_busy_ = false;
    if (queue_.empty()) changed_.notify_all();
  }
  lock.unlock();
  give_back_uncommitted();
}

void Committer::handle(Envelope& envelope) {
  uncommitted_.push_back(&envelope);
  const bool has_unit = envelope.unit.has_value();
  if (!has_failed_) {
    Result<void> result = internal_error("the commit threw");
    try {  // the one edge at which a library's exception becomes an Error
      result = delivery_.write(envelope.batch);
      if (result && has_unit) result = commit(*envelope.unit);
    } catch (const std::exception& error) {
      result = internal_error(error.what(), "commit of shard " + std::to_string(shard_.value()));
    }
    if (!result) {
      has_failed_ = true;
      callbacks_.failed(std::move(result).error());
    }
  }
  if (has_unit && !has_failed_) {
    for (Envelope* committed : uncommitted_) committed->is_committed = true;
  }
  if (has_unit || has_failed_) give_back_uncommitted();
}

Result<void> Committer::commit(UnitOfCommit& unit) {
  const auto start = std::chrono::steady_clock::now();
  EDDY_TRY(delivery_.commit(unit));
  crash_point("before_store_write");
  EDDY_TRY(store_.commit(unit));
  crash_point("after_store_write");
  callbacks_.applied(unit);
  callbacks_.committed_in(std::chrono::steady_clock::now() - start);
  return {};
}

void Committer::give_back_uncommitted() {
  for (Envelope* envelope : uncommitted_) callbacks_.done(*envelope);
  uncommitted_.clear();
}

}  // namespace eddy
