#pragma once

#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/event.h"
#include "model/recommender.h"
#include "state/profile/fold.h"

namespace eddy {

/// What refreshes took.
struct RefreshCost {
  std::size_t refreshes = 0;
  double microseconds = 0;  ///< mean of one; 0 without any
};

/// A piece of a stream, in order of time.
struct TimedEvents {
  std::vector<Event> before;  ///< earlier ones of the users who are in `timed`
  std::vector<Event> timed;
};

/// The events from `begin` on, at most `most`.
[[nodiscard]] TimedEvents timed_events(std::span<const Event> events, EventTime begin, std::size_t most);

/// Plays a piece of a stream to a model, again and again: what each event costs when the user's cache is warm
/// and nothing is there to be refreshed together with. A visitor who is identified stays a user apart.
class RefreshTiming {
 public:
  RefreshTiming(TimedEvents events, const FoldOptions& options);

  /// Folds the events and refreshes after each one that changed its user's facts; only refreshes are timed.
  /// Errors: those of `recommender`.
  Result<RefreshCost> measure(Recommender& recommender, const Clock& clock = system_clock()) const;

 private:
  FoldOptions options_;
  std::unordered_map<UserId, Facts> before_;
  std::vector<Event> events_;
};

}  // namespace eddy
