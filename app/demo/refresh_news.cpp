#include "app/demo/refresh_news.h"

#include <algorithm>
#include <utility>

namespace eddy {

void RefreshNews::deliver(const News& news) noexcept {
  {
    const MutexLock lock(mutex_);
    latest_ = news;
  }
  arrived_.notify_all();
}

void RefreshNews::forget() {
  const MutexLock lock(mutex_);
  latest_ = nullptr;
}

RefreshNews::News RefreshNews::wait_for(const EventId& event, std::chrono::milliseconds patience,
                                        const std::function<bool()>& gives_up) {
  constexpr std::chrono::milliseconds kStep(50);
  const auto end = std::chrono::steady_clock::now() + patience;
  MutexLock lock(mutex_);
  while (!latest_ || (!event.value().empty() && latest_->event != event)) {
    if (gives_up() || std::chrono::steady_clock::now() >= end) return nullptr;
    arrived_.wait_for(lock, kStep);
  }
  return std::exchange(latest_, nullptr);
}

}  // namespace eddy
