#pragma once

#include "state/profile/facts.h"

namespace eddy {

/// Raises forgotten_before to `time` and removes everything that happened up to it. An embedding sum that
/// holds anything of that time goes as a whole. False if it was forgotten already.
bool forget_before(EventTime time, Facts& facts);

}  // namespace eddy
