#pragma once

#include <string>

#include "app/profile/stored_profile.h"
#include "event/recommendation.h"

namespace eddy {

/// All of a profile's facts as indented JSON, and the ranking if there is one (`ranking` may be null). Words
/// are hashes: no text is kept. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string profile_json(const StoredProfile& profile, const Recommendation* ranking);

}  // namespace eddy
