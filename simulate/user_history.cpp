#include "simulate/user_history.h"

#include <algorithm>
#include <cmath>

namespace eddy {

namespace {

constexpr double kSecond = 1000;
constexpr double kMinute = 60 * kSecond;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

constexpr double kMeanFurtherActions = 5;
constexpr std::size_t kMostActions = 40;
constexpr double kMeanActionGap = 35 * kSecond;
constexpr double kMostActionGap = 20 * kMinute;  // well below the inactivity that separates sessions

constexpr std::size_t kFewestTurns = 4;
constexpr double kMeanFurtherTurns = 10;
constexpr std::size_t kMostTurns = 60;
constexpr double kTimeOfALetter = 60;

constexpr double kOverlapShare = 0.1;
constexpr double kLeastGap = 40 * kMinute;  // well above it
constexpr double kMeanGap = 10 * kHour;

std::int64_t rounded(double milliseconds) {
  return std::llround(milliseconds);
}

void add(Evidence& sum, const Evidence& more) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
}

}  // namespace

/// Times are relative to the start until it is placed.
struct HistoryMaker::Interaction {
  std::vector<Event> events;
  Evidence evidence{};
  bool is_call = false;
  double start = 0, duration = 0;
};

/// The interactions before one purchase; `end` is the purchase's time, relative to the segment's start.
struct HistoryMaker::Segment {
  std::vector<Interaction> interactions;
  double end = 0;
};

HistoryMaker::Interaction HistoryMaker::make_session(const PlannedInteraction& plan, const UserId& user,
                                                     ItemIndex need, Random& random) const {
  Interaction session;
  const bool is_off_topic = random.chance(WebContents::kOffTopic);
  const std::size_t actions = std::min(1 + random.geometric(kMeanFurtherActions), kMostActions);
  double time = 0;
  for (std::size_t i = 0; i < actions; ++i) {
    if (i > 0) time += kSecond + std::min(random.exponential(kMeanActionGap), kMostActionGap);
    const TopicMixture& pages = web_.mixture();
    const std::size_t page = is_off_topic ? pages.draw_background(random) : pages.draw(need, random);
    add(session.evidence, pages.log_ratio(page));
    session.events.push_back({EventId(plan.id + "-" + std::to_string(i)), user, EventTime{rounded(time)},
                              Action{SessionId(plan.id), web_.tags(page)}});
  }
  session.evidence = with_off_topic(session.evidence, WebContents::kOffTopic);
  session.duration = time;
  return session;
}

HistoryMaker::Interaction HistoryMaker::make_call(const PlannedInteraction& plan, const UserId& user,
                                                  ItemIndex need, Random& random) const {
  Interaction call;
  call.is_call = true;
  const ItemIndex* topic = random.chance(CallContents::kOffTopic) ? nullptr : &need;
  const std::size_t turns = std::min(kFewestTurns + random.geometric(kMeanFurtherTurns), kMostTurns);
  const CallId id(plan.id);
  call.events.push_back({EventId(plan.id + "-start"), user, EventTime{0}, CallStarted{id}});
  double time = 2 * kSecond;
  bool is_customer = false;
  for (std::size_t seq = 0; seq < turns; ++seq) {
    const bool is_last = seq + 1 == turns;
    // People take turns, mostly.
    is_customer = seq == 0 || is_last ? false : random.chance(0.85) ? !is_customer : is_customer;
    auto turn = is_customer ? CallContents::Turn::kCustomer : CallContents::Turn::kAgent;
    if (seq == 0) turn = CallContents::Turn::kGreeting;
    if (is_last) turn = CallContents::Turn::kFarewell;
    Utterance utterance;
    utterance.call = id;
    utterance.seq = static_cast<std::uint32_t>(seq);
    utterance.speaker = is_customer ? Speaker::kCustomer : Speaker::kAgent;
    calls_.say(turn, topic, random, utterance.text, call.evidence);
    time += kSecond + random.exponential(1.5 * kSecond) +
            kTimeOfALetter * static_cast<double>(utterance.text.size());
    call.events.push_back(
        {EventId(plan.id + "-" + std::to_string(seq)), user, EventTime{rounded(time)}, std::move(utterance)});
  }
  time += 2 * kSecond;
  call.events.push_back({EventId(plan.id + "-end"), user, EventTime{rounded(time)}, CallEnded{id}});
  call.evidence = with_off_topic(call.evidence, CallContents::kOffTopic);
  call.duration = time;
  return call;
}

HistoryMaker::Segment HistoryMaker::make_segment(const PlannedPurchase& plan, const UserId& user,
                                                 Random& random) const {
  Segment segment;
  double free_from = 0;
  for (const PlannedInteraction& planned : plan.interactions) {
    Interaction next = planned.is_call ? make_call(planned, user, plan.need, random)
                                       : make_session(planned, user, plan.need, random);
    if (!segment.interactions.empty()) {
      const Interaction& before = segment.interactions.back();
      // Some call while they look at the site, or the other way round; never two calls or two sessions at
      // once.
      const bool overlaps =
          before.is_call != next.is_call && before.duration > kMinute && random.chance(kOverlapShare);
      next.start = overlaps && before.start + before.duration >= free_from
                       ? before.start + before.duration * (0.2 + 0.6 * random.uniform())
                       : free_from + kLeastGap + random.exponential(kMeanGap);
    }
    free_from = std::max(free_from, next.start + next.duration);
    segment.interactions.push_back(std::move(next));
  }
  segment.end = free_from + kMinute + random.exponential(10 * kMinute);
  return segment;
}

UserHistory HistoryMaker::make(const UserPlan& plan, Random& random) const {
  UserHistory history;
  const auto begin = static_cast<double>(period_.begin.milliseconds);
  const double length = period_.days * kDay;
  double free_from = begin;
  std::vector<bool> kinds;  // of all interactions so far: is it a call?
  for (std::size_t i = 0; i < plan.purchases.size(); ++i) {
    const PlannedPurchase& planned = plan.purchases[i];
    Segment segment = make_segment(planned, plan.user, random);
    double start =
        i == 0 ? begin + random.uniform() * length : free_from + kLeastGap + random.exponential(kMeanGap);
    if (planned.place >= 0)
      start = std::max(free_from + kLeastGap, begin + planned.place * length - segment.end);
    free_from = start + segment.end;

    PurchaseTruth truth{planned.need, planned.items, {}, 0, 0};
    const std::size_t count = segment.interactions.size();
    for (std::size_t n = 0; n < count; ++n) {
      Interaction& interaction = segment.interactions[n];
      kinds.push_back(interaction.is_call);
      if (n + published::kMostInteractions >= count) add(truth.evidence, interaction.evidence);
      for (Event& event : interaction.events) {
        event.time.milliseconds += rounded(start + interaction.start);
        history.events.push_back(std::move(event));
      }
    }
    for (std::size_t n = kinds.size() - std::min(kinds.size(), published::kMostInteractions);
         n < kinds.size(); ++n) {
      ++(kinds[n] ? truth.calls : truth.sessions);
    }
    Purchase purchase;
    for (const ItemIndex item : planned.items) purchase.items.push_back(item_id(item));
    history.events.push_back({planned.id, plan.user, EventTime{rounded(free_from)}, std::move(purchase)});
    history.purchases.push_back(std::move(truth));
  }
  std::stable_sort(history.events.begin(), history.events.end(),
                   [](const Event& a, const Event& b) { return a.time < b.time; });
  return history;
}

}  // namespace eddy
