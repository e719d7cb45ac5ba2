#pragma once

#include <torch/torch.h>

#include <functional>
#include <optional>
#include <vector>

#include "model/networks/network_module.h"
#include "model/training/feature_set.h"
#include "model/training/training_batch.h"
#include "model/training/training_options.h"

namespace eddy {

/// What the loop trains: parameters, and the loss of a batch.
class TrainingSubject {
 public:
  virtual ~TrainingSubject() = default;
  virtual torch::nn::Module& module() = 0;
  /// Parameters that are looked up by term, and all others: each has a weight decay of its own.
  [[nodiscard]] virtual std::vector<torch::Tensor> table_parameters() const = 0;
  [[nodiscard]] virtual std::vector<torch::Tensor> dense_parameters() const = 0;
  /// What of the examples it reads.
  [[nodiscard]] virtual BatchOptions batch_options() const = 0;
  virtual torch::Tensor loss(const TrainingBatch& batch) = 0;
};

/// A network that learns what was bought: binary cross-entropy over the eligible items.
class NetworkSubject final : public TrainingSubject {
 public:
  /// Adds to the loss, from the batch and the network's logits for it.
  using ExtraLoss = std::function<torch::Tensor(const NetworkInput& input, const TrainingBatch& batch,
                                                const torch::Tensor& logits)>;

  NetworkSubject(NetworkModule network, BatchOptions options, ExtraLoss extra = {})
      : network_(std::move(network)), options_(options), extra_(std::move(extra)) {}

  torch::nn::Module& module() override { return *network_; }
  [[nodiscard]] std::vector<torch::Tensor> table_parameters() const override;
  [[nodiscard]] std::vector<torch::Tensor> dense_parameters() const override;
  [[nodiscard]] BatchOptions batch_options() const override { return options_; }
  torch::Tensor loss(const TrainingBatch& batch) override;

 private:
  NetworkModule network_;
  const BatchOptions options_;
  const ExtraLoss extra_;
};

/// The examples that a network is trained on and chosen by, as indices; each with a weight by its kind.
struct TrainingSet {
  const EncodedExamples& train;
  const EncodedExamples& validation;
  std::vector<std::uint32_t> train_examples, validation_examples;
  KindWeights weights{1, 1, 1};
};

/// Trains the subject: Adam, by the schedule of `options`, whose zeros are filled in already. Random numbers
/// begin at options.seed. Throws c10::Error.
SeedOutcome run_training(TrainingSubject& subject, const TrainingSet& set, const TrainingOptions& options,
                         TrainingProgress progress,
                         const std::function<void(const TrainingProgress&)>& on_progress);

}  // namespace eddy
