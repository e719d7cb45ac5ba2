#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "state/profile/facts.h"

namespace eddy {

/// The sum of the vectors that the call's utterances carry, if they are of this encoder and length; else
/// zeros. Returns how many vectors were summed.
std::uint64_t carried_sum(const CallFacts& call, std::string_view encoder, std::span<float> sum);

}  // namespace eddy
