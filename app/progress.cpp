#include "app/progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace eddy {
namespace {

constexpr std::chrono::milliseconds kBetweenFrames{100};
constexpr std::chrono::seconds kBetweenLines{10};
constexpr std::size_t kBarWidth = 30;

std::string as_minutes(std::chrono::seconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%lld:%02lld", static_cast<long long>(time.count() / 60),
                static_cast<long long>(time.count() % 60));
  return text.data();
}

}  // namespace

std::string progress_line(const std::string& title, std::uint64_t done, std::uint64_t total,
                          std::chrono::steady_clock::duration elapsed, const std::string& detail) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed);
  std::string line = title + "  ";
  if (total == 0) {
    line += std::to_string(done) + "  " + as_minutes(seconds);
  } else {
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto filled = static_cast<std::size_t>(part * kBarWidth);
    line += "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]  ";
    line += std::to_string(static_cast<int>(part * 100)) + " %  ";
    if (done >= total) {
      line += as_minutes(seconds);
    } else if (done > 0) {
      const auto left = std::chrono::duration<double>(elapsed) * ((1 - part) / part);
      line += as_minutes(std::chrono::duration_cast<std::chrono::seconds>(left)) + " left";
    }
  }
  if (!detail.empty()) line += "  " + detail;
  return line;
}

Progress::Progress(std::string title, std::uint64_t total, const Clock& clock)
    : title_(std::move(title)),
      total_(total),
      clock_(clock),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(clock.steady_now()),
      shown_(start_) {}

Progress::~Progress() {
  finish();
}

void Progress::set(std::uint64_t done) {
  done_ = done;
  const auto now = clock_.steady_now();
  if (now - shown_ <
      (terminal_ ? std::chrono::nanoseconds(kBetweenFrames) : std::chrono::nanoseconds(kBetweenLines)))
    return;
  show(now);
}

void Progress::finish() {
  if (is_finished_) return;
  is_finished_ = true;
  // What was over in a moment is not worth a line in a log.
  if (!terminal_ && !has_shown_) return;
  show(clock_.steady_now());
  if (terminal_) std::fputc('\n', stderr);
}

void Progress::show(std::chrono::steady_clock::time_point now) {
  shown_ = now;
  has_shown_ = true;
  const std::string line = progress_line(title_, done_, total_, now - start_, detail_);
  // ESC [K clears what an earlier, longer line left.
  std::fprintf(stderr, terminal_ ? "\r%s\x1b[K" : "%s\n", line.c_str());
  std::fflush(stderr);
}

}  // namespace eddy
