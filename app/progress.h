#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/clock.h"

namespace eddy {

/// A long job's progress on the standard error: a bar with the time left on a terminal, else a line every 10
/// seconds. For one thread.
class Progress {
 public:
  /// `total`: in any unit; 0 if it is unknown, then no time is left to tell. `clock` outlives this.
  explicit Progress(std::string title, std::uint64_t total, const Clock& clock = system_clock());
  /// Ends the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::uint64_t amount = 1) { set(done_ + amount); }
  void set(std::uint64_t done);
  /// For a job that learns on its way how long it is.
  void set_total(std::uint64_t total) { total_ = total; }
  /// A few words behind the bar, such as the loss.
  void set_detail(std::string detail) { detail_ = std::move(detail); }
  /// Shows the last state and ends the line; later calls do nothing.
  void finish();

 private:
  void show(std::chrono::steady_clock::time_point now);

  const std::string title_;
  std::uint64_t total_;
  const Clock& clock_;
  const bool terminal_;
  const std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point shown_;
  std::uint64_t done_ = 0;
  std::string detail_;
  bool has_shown_ = false;
  bool is_finished_ = false;
};

/// One line: "title  [####......]  40 %  0:12 left  detail". `total` 0: without bar and time left.
[[nodiscard]] std::string progress_line(const std::string& title, std::uint64_t done, std::uint64_t total,
                                        std::chrono::steady_clock::duration elapsed,
                                        const std::string& detail);

}  // namespace eddy
