#include "state/profile/interactions.h"

#include <algorithm>

namespace eddy {

void list_interactions(const Facts& facts, std::vector<Interaction>& out) {
  out.clear();
  // Both lists are sorted already: a merge. A call's first time is looked for in all its utterances: once.
  auto session = facts.sessions.begin();
  for (const CallFacts& call : facts.calls) {
    const EventTime first = call.first_time();
    while (session != facts.sessions.end() && session->first_time() <= first)
      out.push_back({&*session++, nullptr, false});
    out.push_back({nullptr, &call, false});
  }
  while (session != facts.sessions.end()) out.push_back({&*session++, nullptr, false});
}

void mark_purchases(const Facts& facts, std::span<Interaction> interactions) {
  auto purchase = facts.purchases.begin();
  for (Interaction& interaction : interactions) {
    const auto first = purchase;
    while (purchase != facts.purchases.end() && purchase->time < interaction.first_time()) ++purchase;
    interaction.follows_purchase = purchase != first;
  }
}

std::size_t interactions_since_purchase(std::span<const Interaction> interactions) {
  const auto last = std::find_if(interactions.rbegin(), interactions.rend(),
                                 [](const Interaction& each) { return each.follows_purchase; });
  if (last == interactions.rend()) return interactions.size();
  return static_cast<std::size_t>(last - interactions.rbegin()) + 1;
}

}  // namespace eddy
