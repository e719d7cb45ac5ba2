#pragma once

#include <cstdint>
#include <vector>

#include "state/profile/facts.h"

namespace eddy {

/// One session or one call: the unit that the models read. Exactly one of the pointers is set; they point
/// into the Facts and are invalidated by any change of it.
struct Interaction {
  const SessionFacts* session = nullptr;
  const CallFacts* call = nullptr;

  [[nodiscard]] EventTime first_time() const { return session ? session->first_time() : call->first_time(); }
  [[nodiscard]] std::uint64_t revision() const { return session ? session->revision : call->revision; }
};

/// Appends the user's interactions to `out` in the order that the models read them: by first event time,
/// sessions before calls at the same time, then by id. `out` is cleared first; its memory is reused.
void list_interactions(const Facts& facts, std::vector<Interaction>& out);

}  // namespace eddy
