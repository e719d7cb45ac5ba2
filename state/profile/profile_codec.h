#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "state/profile/facts.h"

namespace eddy {

/// The version that encode_facts writes; decode_facts reads this one and all before it.
inline constexpr std::uint32_t kProfileSchemaVersion = 1;

/// Facts as a protobuf message (state/profile/profile.proto). Equal facts give equal bytes. `out` is
/// replaced.
void encode_facts(const Facts& facts, std::string& out);

/// Errors: bytes that are no profile, or a newer schema version (named in the message).
Result<Facts> decode_facts(std::string_view bytes);

}  // namespace eddy
