#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/event.h"

namespace eddy {

/// Generators of what a few users may do: every kind of event, with few enough ids, times and words that
/// late, duplicate, partial, reordered and contradicting events are common. All strings are of this header's
/// making: users "user-0"…, tags "tag-0"…, items "item-0"….
namespace generate {

inline constexpr int kUsers = 3;
inline constexpr int kTags = 12;
inline constexpr int kItems = 9;

inline rc::Gen<std::string> numbered(std::string_view prefix, int count) {
  return rc::gen::map(rc::gen::inRange(0, count),
                      [prefix](int number) { return std::string(prefix) + std::to_string(number); });
}

template <class T>
std::vector<T> some_of(std::string_view prefix, int count, std::size_t most) {
  const auto names = *rc::gen::resize(static_cast<int>(most),
                                      rc::gen::container<std::vector<std::string>>(numbered(prefix, count)));
  return std::vector<T>(names.begin(), names.end());
}

/// Minutes of one day, so that sessions meet, part and join, and times repeat; some milliseconds apart.
inline EventTime any_time() {
  constexpr std::int64_t kStart = 1'772'323'200'000;
  const int minutes = *rc::gen::oneOf(rc::gen::inRange(0, 24 * 60), rc::gen::inRange(0, 90));
  return {kStart + minutes * 60'000LL + *rc::gen::element(0, 0, 0, 1, 17)};
}

inline std::string any_text() {
  const auto words = *rc::gen::resize(8, rc::gen::container<std::vector<std::string>>(numbered("word", 25)));
  std::string text;
  for (const auto& word : words) text += word + " ";
  return text;
}

inline Utterance any_utterance() {
  Utterance said;
  said.call = CallId(*numbered("call-", 4));
  said.seq = static_cast<std::uint32_t>(*rc::gen::inRange(0, 7));
  said.speaker = *rc::gen::element(Speaker::kCustomer, Speaker::kAgent);
  said.is_final = *rc::gen::weightedElement<bool>({{3, true}, {1, false}});
  said.text = any_text();
  said.keywords = some_of<std::string>("keyword-", 5, 2);
  if (said.is_final && *rc::gen::weightedElement<bool>({{1, true}, {4, false}})) {
    const auto value = static_cast<float>(*rc::gen::inRange(-8, 9)) / 8.0F;
    said.embedding = {value, 1.0F, -value / 3.0F};
    said.encoder = "encoder-0";
  }
  return said;
}

inline EventBody any_body(const UserId& user) {
  switch (*rc::gen::weightedElement<int>({{8, 0}, {8, 1}, {2, 2}, {2, 3}, {1, 4}, {1, 5}, {1, 6}, {1, 7}})) {
    case 0:
      return Action{SessionId(*rc::gen::element<std::string>("", "", "s-0", "s-1", "s-2")),
                    some_of<std::string>("tag-", kTags, 4)};
    case 1:
      return any_utterance();
    case 2:
      return CallStarted{CallId(*numbered("call-", 4))};
    case 3:
      return CallEnded{CallId(*numbered("call-", 4))};
    case 4:
      return Purchase{some_of<ItemId>("item-", kItems, 3)};
    case 5:
      return Portfolio{some_of<ItemId>("item-", kItems, 8)};
    case 6:
      return Identify{UserId(user.value() + "-visitor")};
    default:
      return Forget{};
  }
}

/// An event of one of kUsers users, or of the visitor that each of them may turn out to have been.
inline rc::Gen<Event> event() {
  return rc::gen::exec([] {
    Event made;
    made.user = UserId(*numbered("user-", kUsers));
    made.time = any_time();
    made.body = any_body(made.user);
    const bool may_be_visitor = !std::holds_alternative<Identify>(made.body);
    if (may_be_visitor && *rc::gen::weightedElement<bool>({{1, true}, {5, false}})) {
      made.user = UserId(made.user.value() + "-visitor");
    }
    return made;
  });
}

/// Events of all users, interleaved, in any order of time, some delivered again later.
inline rc::Gen<std::vector<Event>> event_stream() {
  return rc::gen::exec([] {
    auto events = *rc::gen::container<std::vector<Event>>(event());
    if (events.empty()) return events;
    const auto size = static_cast<int>(events.size());
    const auto repeats =
        *rc::gen::resize(6, rc::gen::container<std::vector<std::pair<int, int>>>(
                                rc::gen::pair(rc::gen::inRange(0, size), rc::gen::inRange(0, size))));
    for (const auto& [what, where] : repeats) {
      const Event again = events[static_cast<std::size_t>(what)];
      events.insert(events.begin() + where, again);
    }
    return events;
  });
}

}  // namespace generate

/// How RapidCheck shows an event of a counterexample.
inline void showValue(const Event& event, std::ostream& out) {
  out << type_name(event.body) << " of " << event.user.value() << " at " << to_rfc3339(event.time);
  if (const auto* action = std::get_if<Action>(&event.body)) {
    out << " session \"" << action->session.value() << "\", " << action->tags.size() << " tags";
  } else if (const auto* said = std::get_if<Utterance>(&event.body)) {
    out << " " << said->call.value() << " seq " << said->seq << (said->is_final ? " final \"" : " partial \"")
        << said->text << "\"";
  }
}

}  // namespace eddy
