#pragma once

#include <string>
#include <vector>

#include "app/command.h"
#include "model/training/feature_set.h"
#include "model/training/training_options.h"

namespace eddy {

/// What `eddy train` is told; its help says what each means.
struct TrainOptions {
  std::vector<std::string> events;
  std::string model = "latent-feature";
  std::string out;
  std::string schedule = "one-cycle";
  std::string text = "hashed";
  std::string text_encoder;  ///< with text "bert": its directory
  double validation_share = 0.1, test_share = 0.1;
  double session_inactivity_minutes = 30;
  FeatureOptions features;
  TrainingOptions training;
};

/// Learns a model from events and writes the bundle `options.out`; tells what it does on the standard
/// streams. Errors: nothing to read or to learn from (user's), a bundle that cannot be written.
Result<void> train(TrainOptions options);

/// `eddy train`: learns a model from events and writes a bundle.
RunCommand declare_train_command(CLI::App& command);

}  // namespace eddy
