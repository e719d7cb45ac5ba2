#include "pipeline/flow_limiter.h"

namespace eddy {

void FlowLimiter::reserve(std::size_t bytes) {
  const MutexLock lock(mutex_);
  in_flight_bytes_ += bytes;
}

void FlowLimiter::release(std::size_t bytes) {
  {
    const MutexLock lock(mutex_);
    in_flight_bytes_ -= bytes;
  }
  room_.notify_all();
}

bool FlowLimiter::wait_for_room(std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  MutexLock lock(mutex_);
  while (in_flight_bytes_ >= budget_bytes_) {
    if (room_.wait_until(lock, end) == std::cv_status::timeout) return in_flight_bytes_ < budget_bytes_;
  }
  return true;
}

std::size_t FlowLimiter::in_flight_bytes() const {
  const MutexLock lock(mutex_);
  return in_flight_bytes_;
}

}  // namespace eddy
