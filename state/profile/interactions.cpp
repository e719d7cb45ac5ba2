#include "state/profile/interactions.h"

#include <algorithm>

namespace eddy {

void list_interactions(const Facts& facts, std::vector<Interaction>& out) {
  out.clear();
  // Both lists are sorted already: a merge.
  auto session = facts.sessions.begin();
  auto call = facts.calls.begin();
  while (session != facts.sessions.end() || call != facts.calls.end()) {
    const bool take_session = call == facts.calls.end() || (session != facts.sessions.end() &&
                                                            session->first_time() <= call->first_time());
    if (take_session) {
      out.push_back({&*session++, nullptr});
    } else {
      out.push_back({nullptr, &*call++});
    }
  }
}

}  // namespace eddy
