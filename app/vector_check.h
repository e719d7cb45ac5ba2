#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/operator_chain.h"

namespace eddy {

/// The name of the text encoder whose vectors the chain gives to utterances; empty: none does.
[[nodiscard]] std::string encoder_of_chain(const std::vector<ChainedOperator>& chain);

/// Whether the served models find the vectors that they were trained with: a bundle that reads those of a
/// text encoder wants an operator `encode` with this encoder. Error (user's): what to add to the chain.
Result<void> check_vectors(const std::vector<ChainedOperator>& chain);

}  // namespace eddy
