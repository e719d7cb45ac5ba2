#pragma once

#include <atomic>
#include <chrono>

namespace eddy {

/// The only source of time, so that tests own it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall-clock time: when things are said to have happened.
  [[nodiscard]] virtual std::chrono::system_clock::time_point now() const = 0;
  /// Monotonic time: how long things take.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady_now() const = 0;
};

/// The machine's clocks; lives as long as the process.
[[nodiscard]] const Clock& system_clock();

/// A clock that moves only when it is told to. For tests.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override;
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override;
  void advance(std::chrono::nanoseconds by);

 private:
  std::atomic<std::chrono::nanoseconds::rep> since_start_{0};
};

}  // namespace eddy
