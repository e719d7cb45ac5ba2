#include "model/comparison/refresh_timing.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <unordered_set>
#include <utility>

#include "state/profile/profile.h"

namespace eddy {
namespace {

struct User {
  Facts facts;
  std::unique_ptr<ModelCache> cache;
};

Result<void> refresh(Recommender& recommender, User& user, std::vector<float>& scores) {
  const RefreshRequest request{&user.facts, &user.cache, scores.data()};
  return recommender.refresh(std::span(&request, 1));
}

}  // namespace

TimedEvents timed_events(std::span<const Event> events, EventTime begin, std::size_t most) {
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return events[a].time < events[b].time; });
  const auto first = std::find_if(order.begin(), order.end(),
                                  [&](std::size_t index) { return !(events[index].time < begin); });
  TimedEvents piece;
  std::unordered_set<UserId> users;
  for (auto next = first; next != order.end() && piece.timed.size() < most; ++next) {
    piece.timed.push_back(events[*next]);
    users.insert(events[*next].user);
  }
  for (auto next = order.begin(); next != first; ++next)
    if (users.contains(events[*next].user)) piece.before.push_back(events[*next]);
  return piece;
}

RefreshTiming::RefreshTiming(TimedEvents events, const FoldOptions& options)
    : options_(options), events_(std::move(events.timed)) {
  for (const Event& event : events_) before_.try_emplace(event.user);
  for (const Event& event : events.before) fold(event, options_, before_[event.user]);
}

Result<RefreshCost> RefreshTiming::measure(Recommender& recommender, const Clock& clock) const {
  std::vector<float> scores(recommender.model()->items.size());
  std::unordered_map<UserId, User> users;
  for (const auto& [id, facts] : before_) {
    User& user = users[id];
    user.facts = facts;
    EDDY_TRY(refresh(recommender, user, scores));
  }
  RefreshCost cost;
  std::chrono::steady_clock::duration spent{0};
  for (const Event& event : events_) {
    User& user = users[event.user];
    if (fold(event, options_, user.facts) != FoldOutcome::kChanged) continue;
    // A cache counts revisions of facts that are not there any more.
    if (user.facts.sessions.empty() && user.facts.calls.empty()) user.cache.reset();
    const auto start = clock.steady_now();
    EDDY_TRY(refresh(recommender, user, scores));
    spent += clock.steady_now() - start;
    ++cost.refreshes;
  }
  if (cost.refreshes > 0)
    cost.microseconds =
        std::chrono::duration<double, std::micro>(spent).count() / static_cast<double>(cost.refreshes);
  return cost;
}

}  // namespace eddy
