#pragma once

#include <cstddef>
#include <cstdint>

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
  std::uint32_t seeds = 1;     ///< times to train; the one with the least validation loss is kept
  std::uint32_t epochs = 0;    ///< 0: 30 with one cycle, 100 at most with early stopping
  std::uint32_t patience = 5;  ///< epochs
  std::uint32_t batch_size =
      0;  ///< 0: the paper's, or less where that gave fewer than 50 batches an epoch, but at least 32
  double learning_rate = 0;       ///< 0: 0.004 at the top of one cycle, 0.001 with early stopping
  double weight_decay = 0;        ///< of the dense layers; decoupled
  double table_weight_decay = 0;  ///< of the tables of terms
  double dropout = -1;            ///< before the last hidden layer; negative: the paper's
  double term_dropout = 0.5;      ///< of the occurrences of terms
  bool cut_calls = true;          ///< the last call ends at a random turn of the customer, anew in each epoch
  bool linear_path = true;        ///< of Latent feature, from the last call's terms to the scores
  int threads = 1;  ///< of LibTorch; the matrices are small, and a second one mostly waits, spinning
};

/// Where training is.
struct TrainingProgress {
  std::uint32_t network = 0, networks = 1;  ///< from 0; a model may take several, for each seed
  std::uint32_t epoch = 0, epochs = 0;      ///< from 0; `epochs` is the most that there can be
  std::size_t batch = 0, batches = 0;       ///< done in this epoch
  double loss = 0;                          ///< mean over this epoch
  double validation_loss = 0;               ///< of the epoch before; 0 before the first and without examples
};

/// What came of one seed. Of a model of several networks: the sum over those that its scores come from.
struct SeedOutcome {
  std::uint64_t seed = 0;
  std::uint32_t epochs = 0;
  double loss = 0;             ///< of the last epoch
  double validation_loss = 0;  ///< of the weights that were kept; 0 without validation examples
  double seconds = 0;
};

}  // namespace eddy
