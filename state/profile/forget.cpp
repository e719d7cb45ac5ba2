#include "state/profile/forget.h"

#include <algorithm>

#include "state/profile/fact_order.h"

namespace eddy {
namespace {

void forget_in_session(EventTime time, Facts& facts, SessionFacts& session) {
  const auto old =
      std::erase_if(session.actions, [&](const ActionFact& action) { return action.time <= time; });
  if (old > 0) session.revision = ++facts.last_revision;
}

void forget_in_call(EventTime time, Facts& facts, CallFacts& call) {
  bool changed = std::erase_if(call.utterances, [&](const UtteranceFact& u) { return u.time <= time; }) > 0;
  for (auto* moment : {&call.started, &call.ended}) {
    if (*moment && **moment <= time) {
      moment->reset();
      changed = true;
    }
  }
  if (call.embedding && call.embedding_time <= time) {
    call.embedding.reset();
    changed = true;
  }
  if (changed) call.revision = ++facts.last_revision;
}

}  // namespace

bool forget_before(EventTime time, Facts& facts) {
  if (time <= facts.forgotten_before) return false;
  facts.forgotten_before = time;
  for (SessionFacts& session : facts.sessions) forget_in_session(time, facts, session);
  std::erase_if(facts.sessions, [](const SessionFacts& session) { return session.actions.empty(); });
  for (CallFacts& call : facts.calls) forget_in_call(time, facts, call);
  std::erase_if(facts.calls, [](const CallFacts& call) { return call.empty(); });
  std::erase_if(facts.purchases, [&](const PurchaseFact& purchase) { return purchase.time <= time; });
  if (facts.portfolio && facts.portfolio->time <= time) facts.portfolio.reset();
  if (facts.identified_as && facts.identified_as->time <= time) facts.identified_as.reset();
  restore_order(facts);
  return true;
}

}  // namespace eddy
