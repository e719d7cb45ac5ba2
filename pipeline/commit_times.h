#pragma once

#include <algorithm>
#include <chrono>

namespace eddy {

/// When the unit of commit after `now` is due: the next whole multiple of `interval`, which is the same for
/// all shards of a process, so that their units can share a transaction. `interval` below a tick of the clock
/// counts as one.
[[nodiscard]] inline std::chrono::steady_clock::time_point next_commit_time(
    std::chrono::steady_clock::time_point now, std::chrono::steady_clock::duration interval) {
  interval = std::max(interval, std::chrono::steady_clock::duration(1));
  return std::chrono::steady_clock::time_point((now.time_since_epoch() / interval + 1) * interval);
}

}  // namespace eddy
