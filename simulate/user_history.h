#pragma once

#include <cstdint>
#include <vector>

#include "event/event.h"
#include "simulate/call_contents.h"
#include "simulate/user_structure.h"
#include "simulate/web_contents.h"

namespace eddy {

/// When simulated things happen.
struct SimulatedPeriod {
  EventTime begin{1767571200000};  ///< 2026-01-05T00:00:00Z
  double days = 28;
};

/// What is known of a purchase once all of it was simulated: the truth, and what the history says.
struct PurchaseTruth {
  ItemIndex need = 0;
  std::vector<ItemIndex> items;
  /// What the interactions since the user's purchase before this one say, as far as they are among the
  /// published::kMostInteractions latest. Older ones belong to other needs, which say nothing of this one.
  Evidence evidence{};
  std::size_t sessions = 0, calls = 0;  ///< among the latest interactions, other needs' included
};

/// Everything that one user does, in order of time.
struct UserHistory {
  std::vector<Event> events;
  std::vector<PurchaseTruth> purchases;
};

/// Fills plans with contents and times. Immutable, so safe for all threads.
class HistoryMaker {
 public:
  explicit HistoryMaker(SimulatedPeriod period) : period_(period) {}

  [[nodiscard]] UserHistory make(const UserPlan& plan, Random& random) const;

  [[nodiscard]] const WebContents& web() const { return web_; }
  [[nodiscard]] const CallContents& calls() const { return calls_; }

 private:
  struct Interaction;
  struct Segment;
  [[nodiscard]] Interaction make_session(const PlannedInteraction& plan, const UserId& user, ItemIndex need,
                                         Random& random) const;
  [[nodiscard]] Interaction make_call(const PlannedInteraction& plan, const UserId& user, ItemIndex need,
                                      Random& random) const;
  [[nodiscard]] Segment make_segment(const PlannedPurchase& plan, const UserId& user, Random& random) const;

  SimulatedPeriod period_;
  WebContents web_;
  CallContents calls_;
};

}  // namespace eddy
