#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/event_input.h"
#include "model/training/examples.h"
#include "model/training/feature_set.h"
#include "model/training/training_options.h"
#include "model/training/training_record.h"

namespace eddy {

class TextEncoder;

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

/// Events, and what they are to learning.
struct TrainingData {
  EventInput input;
  FoldOptions fold;
  std::shared_ptr<const TextEncoder> encoder;  ///< null: texts are not encoded
  ExampleSet set;
  ExampleSplit split;
  TrainingRecord record;

  [[nodiscard]] ExampleSpans parts() const { return spans_of(set.examples, split); }
};

/// Reads the events, folds them once, and splits the examples; tells on the standard output what there is.
/// Completes `options`: what was given as names. Errors: nothing to read (user's), a broker or disk
/// (external).
Result<TrainingData> read_training_data(TrainOptions& options);

/// Declares the options that say how to learn: all but those of one command.
void declare_training_options(CLI::App& command, TrainOptions& options);

/// Refuses a name that no model has, and tells which one is near; empty: there is such a model.
[[nodiscard]] std::string check_model(const std::string& name);

/// Learns a model from events and writes the bundle `options.out`; tells what it does on the standard
/// streams. Errors: nothing to read or to learn from (user's), a bundle that cannot be written.
Result<void> train(TrainOptions options);

/// `eddy train`: learns a model from events and writes a bundle.
RunCommand declare_train_command(CLI::App& command);

}  // namespace eddy
