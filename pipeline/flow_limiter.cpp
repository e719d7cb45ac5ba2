#include "pipeline/flow_limiter.h"

#include <mutex>

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
  std::unique_lock<Mutex> lock(mutex_);
  return room_.wait_for(lock, timeout, [this] { return in_flight_bytes_ < budget_bytes_; });
}

std::size_t FlowLimiter::in_flight_bytes() const {
  const MutexLock lock(mutex_);
  return in_flight_bytes_;
}

}  // namespace eddy
