#pragma once

#include <functional>

#include "base/result.h"
#include "model/comparison/finished_run.h"
#include "model/comparison/refresh_timing.h"
#include "model/training/examples.h"
#include "model/training/feature_set.h"
#include "model/training/training_options.h"

namespace eddy {

/// What all runs of a comparison work with; outlives them.
struct RunInputs {
  ExampleSpans examples;
  FeatureOptions features;
  TrainingOptions training;  ///< the seed is the run's, and there is one
  const RefreshTiming& timing;
};

/// How far a run is, from 0 to 1; `detail`: a few words.
using RunProgress = std::function<void(double part, const std::string& detail)>;

/// Trains one model and measures it on the test part. Errors: those of train_model() and of the model; where
/// a channel is switched off and the model cannot learn without it, FinishedRun::impossible says so instead.
Result<FinishedRun> run_model(const RunKey& key, const RunInputs& inputs,
                              const RunProgress& on_progress = {});

}  // namespace eddy
