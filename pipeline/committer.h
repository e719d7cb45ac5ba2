#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/annotated_mutex.h"
#include "base/result.h"
#include "pipeline/delivery.h"
#include "pipeline/envelope.h"

namespace eddy {

/// The end of one shard's chain: hands outputs and dead letters to the delivery, and commits. It has a thread
/// of its own, so that waiting for a broker or a disk never holds a thread of the graph: the batches behind a
/// commit are held in its queue.
///
///     write(batch)* ─▶ delivery commits the unit ─▶ profiles, positions and mark in one write to the store
///
/// After an error nothing more is written; envelopes are still taken and given back.
class Committer {
 public:
  struct Callbacks {
    std::function<void(Envelope&)> done;  ///< an envelope is committed, or given up, and may be recycled
    std::function<void(const UnitOfCommit&)> applied;            ///< a unit is in the store
    std::function<void(Error)> failed;                           ///< the shard cannot go on; called once
    std::function<void(std::chrono::nanoseconds)> committed_in;  ///< how long a commit took
  };

  Committer(ShardId shard, Delivery& delivery, ProfileStore& store, Callbacks callbacks);
  /// Stops after what was put.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// From the shard's graph, in order.
  void put(Envelope& envelope);
  /// Returns when everything put so far was handled.
  void wait();
  /// From now on nothing is written: an earlier stage of the shard failed. Thread-safe.
  void give_up() { has_failed_.store(true); }

 private:
  void run();
  void handle(Envelope& envelope);
  Result<void> commit(UnitOfCommit& unit);
  void give_back_uncommitted();

  const ShardId shard_;
  Delivery& delivery_;
  ProfileStore& store_;
  const Callbacks callbacks_;

  std::atomic<bool> has_failed_{false};
  std::vector<Envelope*> uncommitted_;  // the committer's thread alone

  Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Envelope*> queue_ EDDY_GUARDED_BY(mutex_);
  bool is_busy_ EDDY_GUARDED_BY(mutex_) = false;
  bool is_stopping_ EDDY_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace eddy
