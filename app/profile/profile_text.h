#pragma once

#include <string>

#include "app/profile/stored_profile.h"
#include "event/recommendation.h"

namespace eddy {

/// A profile as a person reads it: what happened, by time, and what is recommended, with bars. Times are UTC.
/// `ranking` may be null. Control characters in names are shown as '?', so that no name can play with the
/// terminal.
[[nodiscard]] std::string profile_text(const StoredProfile& profile, const Recommendation* ranking);

/// One line of a list of profiles.
[[nodiscard]] std::string profile_line(const StoredProfile& profile);

}  // namespace eddy
