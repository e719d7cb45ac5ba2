#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "event/event.h"
#include "model/training/examples.h"

namespace eddy {

class Progress;
class TextEncoder;

/// Events whose vectors are in memory together. What is said twice among them is encoded once.
inline constexpr std::size_t kEventsAtOnce = 32'768;

/// Gives their utterances the vectors of their texts (model/text/utterance_vectors.h). `progress` counts
/// utterances. Error: the encoder's.
Result<void> encode_events(std::span<Event> events, const TextEncoder& encoder, Progress& progress);

/// How many of them are utterances.
[[nodiscard]] std::uint64_t count_utterances(std::span<const Event> events);

/// As build_examples() of model/training/examples.h; with an encoder the utterances get the vectors of their
/// texts before they are folded, kEventsAtOnce at a time, with a progress bar, and the examples keep the
/// parts of their last call's sum. `encoder` may be null. Error: the encoder's.
Result<ExampleSet> build_examples(std::span<const Event> events, const FoldOptions& options,
                                  const TextEncoder* encoder);

}  // namespace eddy
