#pragma once

#include "state/profile/facts.h"
#include "state/profile/fold.h"

namespace eddy {

/// Two users become one: the union of two sets of facts, as if every event had been folded into `into`.
/// `from` is left as an empty profile. Returns false if nothing changed.
bool merge(Facts&& from, const FoldOptions& options, Facts& into);

}  // namespace eddy
