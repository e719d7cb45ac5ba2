#pragma once

#include <memory>
#include <string>

#include "operators/operator_registry.h"

namespace eddy {

class TextEncoder;

/// Gives the utterances of a batch the vectors of their texts, all together, before they are folded
/// (model/text/utterance_vectors.h).
std::unique_ptr<Operator> make_encode_operator(std::shared_ptr<const TextEncoder> encoder);

/// "encode": reads the settings, and loads the text encoder once for all shards.
std::unique_ptr<OperatorFactory> make_encode_factory();

/// The name of the encoder that a prepared factory loaded; empty for the factory of another operator.
[[nodiscard]] std::string encoder_of(const OperatorFactory& factory);

}  // namespace eddy
