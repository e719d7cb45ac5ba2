#pragma once

#include "base/result.h"
#include "model/networks/network_module.h"
#include "model/networks/session_generator_module.h"
#include "model/training/recipe.h"

namespace eddy {

/// What makes one channel of the other, for Generative imputation.
struct Generators {
  NetworkModule calls{nullptr};              ///< sessions → the calls' mean embedding
  SessionGeneratorModule sessions{nullptr};  ///< the calls' mean embedding → sessions
};

/// Trains both on the examples that have both channels: the first by squared error, the second by binary
/// cross-entropy over the tags of each step, empty ones after the last session. `embedding`: what means of
/// calls are taken from. Errors (user's): no such examples.
Result<Generators> train_generators(SeedTraining& training, const NetworkShape& shape,
                                    NetworkModule embedding);

/// Gives each example what it lacks, generated from what it has: the mean embedding, or the sessions, of
/// which empty ones are left out.
void impute(Generators generators, NetworkModule embedding, const FeatureSet& features,
            EncodedExamples& examples);

}  // namespace eddy
