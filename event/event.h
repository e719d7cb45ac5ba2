#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "event/event_time.h"
#include "event/ids.h"

namespace eddy {

/// One click, view or form of a web session, described by tags. Field by field: docs/events.md.
struct Action {
  SessionId session;
  std::vector<std::string> tags;
};

enum class Speaker : std::uint8_t { kCustomer = 0, kAgent = 1 };

/// One sentence of a call's transcript. The winner of a (call, seq) is the final over the partial, then the
/// later time, then the larger digest.
struct Utterance {
  CallId call;
  std::uint32_t seq = 0;
  Speaker speaker = Speaker::kCustomer;
  bool is_final = true;
  std::string text;
  std::vector<std::string> keywords;
  std::vector<float> embedding;  ///< empty: none; finals only
  std::string encoder;           ///< name of the encoder that made the embedding; may be empty
};

struct CallStarted {
  CallId call;
};

struct CallEnded {
  CallId call;
};

struct Purchase {
  std::vector<ItemId> items;
};

/// The items that may be sold to the user from now on; replaces the portfolio before it.
struct Portfolio {
  std::vector<ItemId> items;
};

/// The anonymous visitor `visitor` is the event's user. Both must be of the same shard.
struct Identify {
  UserId visitor;
};

/// Everything up to the event's time is to be forgotten.
struct Forget {};

using EventBody =
    std::variant<Action, Utterance, CallStarted, CallEnded, Purchase, Portfolio, Identify, Forget>;

/// One message, decoded. `id` may be empty: outputs are then named by the record's position.
struct Event {
  EventId id;
  UserId user;
  EventTime time;
  EventBody body;
};

/// The type's name as in JSON: "action", "utterance", …
[[nodiscard]] std::string_view type_name(const EventBody& body) noexcept;

}  // namespace eddy
