#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"
#include "event/event.h"
#include "model/text/text_encoder.h"

namespace eddy {

/// Gives utterances the vectors of their texts, under the encoder's name, as if they had carried them; all of
/// them together. Left as they are: partials, which facts sum up no vectors of; utterances without text; and
/// those that carry vectors of this encoder already. Vectors of another encoder are replaced. Returns how
/// many were encoded. Error: the encoder's.
Result<std::size_t> add_vectors(std::span<Utterance* const> utterances, const TextEncoder& encoder);

}  // namespace eddy
