#include "state/profile/fact_order.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/hash.h"

namespace eddy {
namespace {

template <class Interactions>
void sort_by_first_time(Interactions& interactions) {
  const auto before = [](const auto& a, const auto& b) {
    return std::forward_as_tuple(a.first_time(), a.id) < std::forward_as_tuple(b.first_time(), b.id);
  };
  if (!std::is_sorted(interactions.begin(), interactions.end(), before)) {
    std::sort(interactions.begin(), interactions.end(), before);
  }
}

/// Decides between two utterances of the same seq, kind and time: any fixed order of the contents will do.
std::uint64_t digest(const UtteranceFact& utterance) {
  const std::string_view words(reinterpret_cast<const char*>(utterance.words.data()),
                               utterance.words.size() * sizeof(std::uint32_t));
  return hash_bytes(words,
                    hash_bytes(utterance.keywords.bytes(), static_cast<std::uint64_t>(utterance.speaker)));
}

bool beats(const UtteranceFact& challenger, const UtteranceFact& holder) {
  if (challenger.time != holder.time) return challenger.time > holder.time;
  if (challenger == holder) return false;
  return digest(challenger) > digest(holder);
}

}  // namespace

void restore_order(Facts& facts) {
  sort_by_first_time(facts.sessions);
  sort_by_first_time(facts.calls);
}

void restore_order_and_limit(const FoldOptions& options, Facts& facts) {
  restore_order(facts);
  while (facts.sessions.size() + facts.calls.size() > options.max_interactions) {
    const bool session_is_older =
        facts.calls.empty() ||
        (!facts.sessions.empty() && facts.sessions.front().first_time() <= facts.calls.front().first_time());
    if (session_is_older) {
      facts.sessions.erase(facts.sessions.begin());
    } else {
      facts.calls.erase(facts.calls.begin());
    }
  }
}

bool add_action(const ActionFact& action, const FoldOptions& options, SessionFacts& session) {
  auto& actions = session.actions;
  if (actions.empty() || actions.back().time < action.time) {
    actions.push_back(action);
  } else {
    const auto at = std::lower_bound(actions.begin(), actions.end(), action.time,
                                     [](const ActionFact& a, EventTime time) { return a.time < time; });
    if (at->time == action.time) return at->tags.merge(action.tags);
    if (at == actions.begin() && actions.size() >= options.max_actions_per_session) return false;
    actions.insert(at, action);
  }
  if (actions.size() > options.max_actions_per_session) actions.erase(actions.begin());
  return true;
}

bool add_separated_action(const ActionFact& action, const FoldOptions& options, Facts& facts) {
  SessionFacts* home = nullptr;
  bool changed = false;
  for (SessionFacts& session : facts.sessions) {
    if (!session.id.value().empty()) continue;
    if (session.first_time() - action.time > options.session_inactivity ||
        action.time - session.last_time() > options.session_inactivity) {
      continue;
    }
    if (home == nullptr) {
      home = &session;
      changed = add_action(action, options, session);
    } else {  // the action is the missing link between two sessions
      for (const ActionFact& moved : session.actions) add_action(moved, options, *home);
      session.actions.clear();
    }
  }
  if (home == nullptr) {
    facts.sessions.push_back({SessionId{}, {action}, 0});
    home = &facts.sessions.back();
    changed = true;
  }
  if (changed) home->revision = ++facts.last_revision;
  std::erase_if(facts.sessions, [](const SessionFacts& session) { return session.actions.empty(); });
  return changed;
}

bool add_utterance(UtteranceFact utterance, const FoldOptions& options, CallFacts& call) {
  auto& all = call.utterances;
  auto first = all.end();
  if (!all.empty() && all.back().seq >= utterance.seq) {
    first = std::lower_bound(all.begin(), all.end(), utterance.seq,
                             [](const UtteranceFact& u, std::uint32_t seq) { return u.seq < seq; });
  }
  auto same = first;  // the one of the same seq and kind, if any
  while (same != all.end() && same->seq == utterance.seq && same->is_final != utterance.is_final) ++same;
  const bool has_same = same != all.end() && same->seq == utterance.seq;
  const bool has_final = first != all.end() && first->seq == utterance.seq && first->is_final;
  if (has_same) {
    if (!beats(utterance, *same)) return false;
    *same = std::move(utterance);
  } else if (utterance.is_final) {
    if (all.size() >= options.max_utterances_per_call && first == all.begin()) return false;
    same = all.insert(first, std::move(utterance));
  } else {
    if (has_final && utterance.time <= first->time) return false;
    if (all.size() >= options.max_utterances_per_call && first == all.begin()) return false;
    same = all.insert(has_final ? first + 1 : first, std::move(utterance));
  }
  // A partial counts behind its final only while it is the later of the two.
  if (same->is_final && same + 1 != all.end() && (same + 1)->seq == same->seq &&
      (same + 1)->time <= same->time) {
    all.erase(same + 1);
  }
  if (all.size() > options.max_utterances_per_call) all.erase(all.begin());
  return true;
}

bool add_purchase(PurchaseFact purchase, const FoldOptions& options, Facts& facts) {
  auto& all = facts.purchases;
  const auto same = std::find_if(all.begin(), all.end(),
                                 [&](const PurchaseFact& known) { return known.id == purchase.id; });
  if (same != all.end()) {
    if (std::tie(purchase.time, purchase.items) <= std::tie(same->time, same->items)) return false;
    all.erase(same);
  }
  const auto at =
      std::upper_bound(all.begin(), all.end(), purchase, [](const PurchaseFact& a, const PurchaseFact& b) {
        return std::tie(a.time, a.id) < std::tie(b.time, b.id);
      });
  if (all.size() >= options.max_purchases && at == all.begin()) return false;
  all.insert(at, std::move(purchase));
  if (all.size() > options.max_purchases) all.erase(all.begin());
  return true;
}

bool take_portfolio(PortfolioFact portfolio, Facts& facts) {
  if (facts.portfolio &&
      std::tie(portfolio.time, portfolio.items) <= std::tie(facts.portfolio->time, facts.portfolio->items)) {
    return false;
  }
  facts.portfolio = std::move(portfolio);
  return true;
}

SessionFacts& session_of(const SessionId& id, Facts& facts, bool& made) {
  const auto found = std::find_if(facts.sessions.begin(), facts.sessions.end(),
                                  [&](const SessionFacts& session) { return session.id == id; });
  made = found == facts.sessions.end();
  if (!made) return *found;
  return facts.sessions.emplace_back(SessionFacts{id, {}, 0});
}

CallFacts& call_of(const CallId& id, Facts& facts, bool& made) {
  const auto found = std::find_if(facts.calls.begin(), facts.calls.end(),
                                  [&](const CallFacts& call) { return call.id == id; });
  made = found == facts.calls.end();
  if (!made) return *found;
  CallFacts& call = facts.calls.emplace_back();
  call.id = id;
  return call;
}

}  // namespace eddy
