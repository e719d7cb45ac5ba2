#pragma once

#include <chrono>

#include "base/clock.h"
#include "event/event_time.h"

namespace eddy {

/// Says when the next event is due: so many a second, or as far apart as in event time divided by a speed.
/// The first event is due at once. One thread at a time.
class Pace {
 public:
  /// At most one of `rate` (events per second) and `speed` (event time per real time) is not 0; both 0:
  /// always due.
  Pace(double rate, double speed, const Clock& clock);

  /// True, and the event is counted, if it is due.
  bool may_go(EventTime time);
  /// Waits until the event is due, but no longer than `timeout`.
  void wait(EventTime time, std::chrono::milliseconds timeout);

 private:
  /// How long it is until the event is due; 0 or less: it is.
  [[nodiscard]] std::chrono::nanoseconds until_due(EventTime time);

  const double rate_;
  const double speed_;
  const Clock& clock_;
  bool has_begun_ = false;
  std::chrono::steady_clock::time_point begin_{};
  double sent_ = 0;
  EventTime first_{};
};

}  // namespace eddy
