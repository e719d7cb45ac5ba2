#pragma once

#include <string>
#include <utility>
#include <vector>

#include "event/event.h"

namespace eddy {

// Short ways to write events in tests; times are in minutes.

inline EventTime minute(double minutes) {
  return {1'700'000'000'000 + static_cast<std::int64_t>(minutes * 60'000)};
}

inline Event event_at(double minutes, EventBody body, std::string id = {}) {
  return {EventId(std::move(id)), UserId("ann"), minute(minutes), std::move(body)};
}

inline Event action(double minutes, std::string session, std::vector<std::string> tags) {
  return event_at(minutes, Action{SessionId(std::move(session)), std::move(tags)});
}

inline Event said(double minutes, std::string call, std::uint32_t seq, std::string text,
                  bool is_final = true) {
  Utterance utterance;
  utterance.call = CallId(std::move(call));
  utterance.seq = seq;
  utterance.is_final = is_final;
  utterance.text = std::move(text);
  return event_at(minutes, std::move(utterance));
}

inline Event bought(double minutes, std::string id, std::vector<std::string> items) {
  Purchase purchase;
  for (std::string& item : items) purchase.items.emplace_back(std::move(item));
  return event_at(minutes, std::move(purchase), std::move(id));
}

}  // namespace eddy
