#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>

#include "app/http/score_stream.h"
#include "base/annotated_mutex.h"

namespace eddy {

/// Waits for the refreshes of one user. Thread-safe.
class RefreshNews final : public StreamSubscriber {
 public:
  using News = std::shared_ptr<const UserRecommendations>;

  void deliver(const News& news) noexcept override;

  /// What came so far is not waited for.
  void forget();

  /// The refresh that `event` causes (an empty id: the next one), which may have come before the call but not
  /// before the last one. Null if it does not come within `patience`, or `gives_up` becomes true.
  News wait_for(const EventId& event, std::chrono::milliseconds patience,
                const std::function<bool()>& gives_up);

 private:
  Mutex mutex_;
  std::condition_variable_any arrived_;
  News latest_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy
