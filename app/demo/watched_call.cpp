#include "app/demo/watched_call.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_set>

namespace eddy {
namespace {

constexpr std::size_t kFewestUtterances = 8;
constexpr std::size_t kMostUtterances = 16;

struct Candidate {
  WatchedCall call;
  std::size_t utterances = 0;
  bool has_session_before = false;
};

const CallId* call_of(const EventBody& body) {
  if (const auto* utterance = std::get_if<Utterance>(&body)) return &utterance->call;
  if (const auto* started = std::get_if<CallStarted>(&body)) return &started->call;
  if (const auto* ended = std::get_if<CallEnded>(&body)) return &ended->call;
  return nullptr;
}

std::vector<Candidate> list_calls(const std::vector<Event>& events) {
  std::vector<Candidate> calls;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  std::unordered_set<std::string> visitors;
  for (std::size_t at = 0; at < events.size(); ++at) {
    const Event& event = events[at];
    if (std::holds_alternative<Action>(event.body)) visitors.insert(event.user.value());
    if (const auto* purchase = std::get_if<Purchase>(&event.body)) {
      for (Candidate& call : calls) {
        if (call.call.user == event.user && call.call.bought.empty()) call.call.bought = purchase->items;
      }
    }
    const CallId* id = call_of(event.body);
    if (id == nullptr) continue;
    const auto [place, is_new] = known.try_emplace({event.user.value(), id->value()}, calls.size());
    if (is_new) {
      calls.push_back({{event.user, *id, at, at, {}}, 0, visitors.contains(event.user.value())});
    }
    Candidate& call = calls[place->second];
    call.call.last = at;
    const auto* utterance = std::get_if<Utterance>(&event.body);
    if (utterance != nullptr && utterance->is_final) ++call.utterances;
  }
  return calls;
}

}  // namespace

Result<WatchedCall> choose_call(const std::vector<Event>& events, const std::optional<UserId>& user) {
  std::vector<Candidate> calls = list_calls(events);
  std::erase_if(calls, [&](const Candidate& call) {
    return call.utterances == 0 || (user && call.call.user != *user);
  });
  if (calls.empty()) {
    return user_error(user ? "user '" + user->value() + "' makes no call in these events"
                           : "there is no call in these events");
  }
  if (user) return calls.back().call;
  const auto rank = [&](const Candidate& call) {
    const bool is_watchable = call.utterances >= kFewestUtterances && call.utterances <= kMostUtterances;
    return std::make_tuple(is_watchable, !call.call.bought.empty(), call.has_session_before,
                           call.call.first * 2 >= events.size());
  };
  const auto best = std::max_element(
      calls.begin(), calls.end(), [&](const Candidate& a, const Candidate& b) { return rank(a) < rank(b); });
  return best->call;
}

}  // namespace eddy
