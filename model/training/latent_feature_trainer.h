#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/latent_feature_weights.h"
#include "model/training/examples.h"
#include "model/training/feature_set.h"

namespace eddy {

/// How the learning rate goes, and when training ends.
enum class TrainingSchedule : std::uint8_t {
  kOneCycle,       ///< up and down once over all epochs; the last weights are kept
  kEarlyStopping,  ///< constant, until the validation loss has not fallen for `patience` epochs; the best are
                   ///< kept
};

struct TrainingOptions {
  TrainingSchedule schedule = TrainingSchedule::kOneCycle;
  std::uint64_t seed = 1;
  std::uint32_t seeds = 1;     ///< networks to train; the one with the least validation loss is kept
  std::uint32_t epochs = 0;    ///< 0: 30 with one cycle, 100 at most with early stopping
  std::uint32_t patience = 5;  ///< epochs
  std::uint32_t batch_size =
      0;  ///< 0: 512, or less where that gave fewer than 50 batches an epoch, but at least 32
  double learning_rate = 0;       ///< 0: 0.004 at the top of one cycle, 0.001 with early stopping
  double weight_decay = 0;        ///< of the dense layers; decoupled
  double table_weight_decay = 0;  ///< of the tables of terms
  double dropout = 0.3;           ///< before the head
  double term_dropout = 0.5;      ///< of the occurrences of terms
  bool cut_calls = true;          ///< the last call ends at a random turn of the customer, anew in each epoch
  bool linear_path = true;        ///< from the last call's terms to the scores
  int threads = 1;  ///< of LibTorch; the matrices are small, and a second one mostly waits, spinning
};

/// Where training is.
struct TrainingProgress {
  std::uint32_t network = 0, networks = 1;  ///< from 0
  std::uint32_t epoch = 0, epochs = 0;      ///< from 0; `epochs` is the most that there can be
  std::size_t batch = 0, batches = 0;       ///< done in this epoch
  double loss = 0;                          ///< mean over this epoch
  double validation_loss = 0;               ///< of the epoch before; 0 before the first and without examples
};

/// What came of one seed.
struct SeedOutcome {
  std::uint64_t seed = 0;
  std::uint32_t epochs = 0;
  double loss = 0;             ///< of the last epoch
  double validation_loss = 0;  ///< of the weights that were kept; 0 without validation examples
  double seconds = 0;
};

struct TrainedLatentFeature {
  FeatureSet features;
  LatentFeatureWeights weights;
  std::vector<SeedOutcome> seeds;
  std::size_t kept = 0;  ///< which of the seeds the weights are of
};

/// Trains Latent feature: Adam, binary cross-entropy over the eligible items, examples weighted by kind. The
/// same examples, options and seed give the same weights on the same machine. Sets LibTorch's threads and
/// seed for the process. Errors: no examples, or early stopping or a choice of seeds without validation
/// examples (user's); a failure of LibTorch, or a loss that is no number (internal).
Result<TrainedLatentFeature> train_latent_feature(
    std::span<const LearningExample> train, std::span<const LearningExample> validation,
    const FeatureOptions& feature_options, const TrainingOptions& options,
    const std::function<void(const TrainingProgress&)>& on_progress = {});

}  // namespace eddy
