#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "event/event.h"
#include "state/profile/facts.h"

namespace eddy {

/// What bounds a profile, and what separates its sessions.
struct FoldOptions {
  std::size_t max_interactions = 10;  ///< sessions and calls that are kept: the latest by first event
  std::size_t max_purchases = 10;     ///< purchases that are kept: the latest
  std::size_t max_actions_per_session = 1000;  ///< the latest are kept
  std::size_t max_utterances_per_call = 2000;  ///< those of the highest sequence numbers are kept
  std::size_t max_words_per_utterance = 512;   ///< the first are kept
  std::chrono::milliseconds session_inactivity = std::chrono::minutes(30);
};

enum class FoldOutcome : std::uint8_t {
  kChanged,
  kUnchanged,  ///< a duplicate, a loser against a better utterance, or older than what is forgotten or kept
  kConflict,  ///< another embedding of a sequence number that is in the sum already: refused, facts as before
};

/// Folds one event into a user's facts: idempotent, commutative and associative (DESIGN §1), within the
/// limits of `options`. The event's user is the caller's concern, as is the merging that an Identify asks
/// for.
FoldOutcome fold(const Event& event, const FoldOptions& options, Facts& facts);

}  // namespace eddy
