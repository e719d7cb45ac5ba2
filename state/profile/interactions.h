#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "state/profile/facts.h"

namespace eddy {

/// One session or one call: the unit that the models read. Exactly one of the pointers is set; they point
/// into the Facts and are invalidated by any change of it.
struct Interaction {
  const SessionFacts* session = nullptr;
  const CallFacts* call = nullptr;
  /// Set by mark_purchases(): the user bought something between the interaction before and this one.
  bool follows_purchase = false;

  [[nodiscard]] EventTime first_time() const { return session ? session->first_time() : call->first_time(); }
  /// Differs wherever what is read of the interaction does.
  [[nodiscard]] std::uint64_t revision() const {
    return (session ? session->revision : call->revision) << 1U | (follows_purchase ? 1U : 0U);
  }
};

/// Appends the user's interactions to `out` in the order that the models read them: by first event time,
/// sessions before calls at the same time, then by id. `out` is cleared first; its memory is reused.
void list_interactions(const Facts& facts, std::vector<Interaction>& out);

/// Marks those of `interactions`, in the order of list_interactions(), that follow a purchase: one at or
/// after the first event of the interaction before, and before the first event of this one. For the first one
/// any earlier purchase counts.
void mark_purchases(const Facts& facts, std::span<Interaction> interactions);

/// How many of the marked interactions are since the last purchase: from the last mark on, or all.
[[nodiscard]] std::size_t interactions_since_purchase(std::span<const Interaction> interactions);

}  // namespace eddy
