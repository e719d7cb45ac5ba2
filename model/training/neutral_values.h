#pragma once

#include <vector>

#include "model/training/feature_set.h"

namespace eddy {

/// What Neutral imputation puts in place of the calls of an example that has none: the mean over the examples
/// with calls of how often each term is among theirs, as a share, [terms]; of carried vectors the mean of the
/// examples' means, [embedding].
[[nodiscard]] std::vector<float> neutral_call(const EncodedExamples& examples, const FeatureSet& features);

/// And in place of their sessions: one session, with each tag that more than half of all sessions have. As 0
/// and 1, [tags].
[[nodiscard]] std::vector<float> neutral_session(const EncodedExamples& examples, const FeatureSet& features);

/// Lets the examples without a session read this one.
void impute_session(const std::vector<float>& session, EncodedExamples& examples);

}  // namespace eddy
