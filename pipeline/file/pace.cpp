#include "pipeline/file/pace.h"

#include <algorithm>
#include <thread>

namespace eddy {
namespace {

// What a pause leaves undone may be caught up for this long; more would be a flood after a long pause.
constexpr std::chrono::duration<double> kMostCaughtUp{1.0};
// A century: beyond it a duration in nanoseconds would overflow.
constexpr double kLongestWait = 3.0e9;

}  // namespace

Pace::Pace(double rate, double speed, const Clock& clock) : rate_(rate), speed_(speed), clock_(clock) {}

std::chrono::nanoseconds Pace::until_due(EventTime time) {
  using Seconds = std::chrono::duration<double>;
  const auto now = clock_.steady_now();
  if (!has_begun_) {
    has_begun_ = true;
    begin_ = now;
    first_ = time;
  }
  // Events without a readable time at the beginning of a file have none to be due at.
  if (first_ == EventTime::never()) first_ = time;
  const double event_seconds =
      time == EventTime::never() ? 0 : static_cast<double>(time.milliseconds - first_.milliseconds) / 1000.0;
  const Seconds due(rate_ > 0 ? sent_ / rate_ : event_seconds / speed_);
  const Seconds passed = now - begin_;
  const Seconds wait = due - passed;
  if (rate_ > 0 && -wait > kMostCaughtUp) {
    begin_ += std::chrono::duration_cast<std::chrono::nanoseconds>(-wait - kMostCaughtUp);
  }
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      Seconds(std::clamp(wait.count(), -kLongestWait, kLongestWait)));
}

bool Pace::may_go(EventTime time) {
  if (rate_ == 0 && speed_ == 0) return true;
  if (until_due(time) > std::chrono::nanoseconds(0)) return false;
  ++sent_;
  return true;
}

void Pace::wait(EventTime time, std::chrono::milliseconds timeout) {
  std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(until_due(time), timeout));
}

}  // namespace eddy
