#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/result.h"

namespace eddy {

/// When something happened, by the event's own word: milliseconds since 1970-01-01T00:00:00Z.
/// Not to be mixed with processing time, which comes from the Clock.
struct EventTime {
  std::int64_t milliseconds = 0;

  /// Before every event.
  static constexpr EventTime never() { return {std::numeric_limits<std::int64_t>::min()}; }

  friend constexpr auto operator<=>(const EventTime&, const EventTime&) = default;
};

[[nodiscard]] constexpr std::chrono::milliseconds operator-(EventTime a, EventTime b) {
  return std::chrono::milliseconds(a.milliseconds - b.milliseconds);
}

/// The times that are accepted: years 1970 to 9999. Outside of it arithmetic on times could overflow.
inline constexpr EventTime kLatestEventTime{253402300799999};

/// RFC 3339 with an offset, e.g. "2026-03-01T09:30:00.250+01:00"; digits beyond milliseconds are cut.
/// Error (user's fault): another format, an impossible date, or a year outside of 1970..9999.
[[nodiscard]] Result<EventTime> parse_rfc3339(std::string_view text);
/// "2026-03-01T08:30:00.250Z"
[[nodiscard]] std::string to_rfc3339(EventTime time);

}  // namespace eddy
