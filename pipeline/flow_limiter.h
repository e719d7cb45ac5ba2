#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>

#include "base/annotated_mutex.h"

namespace eddy {

/// The budget of bytes in flight. A reservation is granted whenever anything is left, so that one record
/// larger than the whole budget still fits. Thread-safe.
class FlowLimiter {
 public:
  explicit FlowLimiter(std::size_t budget_bytes) : budget_bytes_(budget_bytes) {}

  /// Takes `bytes`, even beyond the budget: the caller has the record already.
  void reserve(std::size_t bytes);
  void release(std::size_t bytes);

  /// Waits until something of the budget is left; false after `timeout`.
  bool wait_for_room(std::chrono::milliseconds timeout);
  [[nodiscard]] std::size_t in_flight_bytes() const;

 private:
  const std::size_t budget_bytes_;
  mutable Mutex mutex_;
  std::condition_variable_any room_;
  std::size_t in_flight_bytes_ EDDY_GUARDED_BY(mutex_) = 0;
};

}  // namespace eddy
