#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "event/event.h"

namespace eddy::test {

inline Event make_event(const std::string& user, std::int64_t time, EventBody body) {
  return {EventId(), UserId(user), EventTime{time}, std::move(body)};
}

inline Event make_action(const std::string& user, std::int64_t time, const std::string& session,
                         std::vector<std::string> tags) {
  return make_event(user, time, Action{SessionId(session), std::move(tags)});
}

inline Event make_said(const std::string& user, std::int64_t time, const std::string& call, std::uint32_t seq,
                       Speaker speaker, const std::string& text, std::vector<std::string> keywords = {}) {
  Utterance said;
  said.keywords = std::move(keywords);
  said.call = CallId(call);
  said.seq = seq;
  said.speaker = speaker;
  said.text = text;
  return make_event(user, time, std::move(said));
}

inline Event make_purchase(const std::string& user, std::int64_t time,
                           const std::vector<std::string>& items) {
  Purchase purchase;
  for (const std::string& item : items) purchase.items.emplace_back(item);
  return make_event(user, time, std::move(purchase));
}

inline Event make_portfolio(const std::string& user, std::int64_t time,
                            const std::vector<std::string>& items) {
  Portfolio portfolio;
  for (const std::string& item : items) portfolio.items.emplace_back(item);
  return make_event(user, time, std::move(portfolio));
}

/// Users who want item i, say so ("word<i>" in their third sentence at the latest, with the tag as keyword),
/// click its tag, and buy it. Some only call, some only click, some do both.
inline std::vector<Event> separable_events(std::size_t users, std::size_t items, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<Event> events;
  std::int64_t time = 1'000'000;
  for (std::size_t u = 0; u < users; ++u) {
    const std::string user = "u" + std::to_string(u);
    const std::string item = std::to_string(generator() % items);
    const std::uint64_t kind = generator() % 3;
    if (kind != 1) {
      events.push_back(make_action(user, time += 1000, "s" + user, {"start", "tag" + item}));
      events.push_back(
          make_action(user, time += 1000, "s" + user, {"noise" + std::to_string(generator() % 3)}));
    }
    if (kind != 0) {
      const std::string call = "c" + user;
      events.push_back(make_said(user, time += 1000, call, 0, Speaker::kAgent, "how may i help"));
      events.push_back(make_said(user, time += 1000, call, 1, Speaker::kCustomer, "i would like word" + item,
                                 {"tag" + item}));
      events.push_back(make_said(user, time += 1000, call, 2, Speaker::kAgent, "of course"));
      events.push_back(make_said(user, time += 1000, call, 3, Speaker::kCustomer, "word" + item + " please"));
    }
    events.push_back(make_purchase(user, time += 1000, {"item" + item}));
  }
  return events;
}

}  // namespace eddy::test
