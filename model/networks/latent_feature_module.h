#pragma once

#include <torch/torch.h>

#include "model/latent_feature_weights.h"
#include "model/training/training_batch.h"

namespace eddy {

/// A batch as tensors.
struct LatentFeatureInput {
  torch::Tensor batch_sizes, channel;
  torch::Tensor tag_ids, tag_offsets;
  torch::Tensor term_ids, term_offsets;
  torch::Tensor last_term_ids, last_term_offsets;
};

[[nodiscard]] LatentFeatureInput to_input(const TrainingBatch& batch);

/// The network of model/latent_feature_weights.h, to be trained. Throws c10::Error.
class LatentFeatureModuleImpl : public torch::nn::Module {
 public:
  /// `term_buckets`: shape.terms of them. `dropout`: before the head.
  LatentFeatureModuleImpl(const LatentFeatureShape& shape, std::vector<std::uint32_t> term_buckets,
                          double dropout, bool linear_path);

  /// [examples × items], in the order of the batch.
  torch::Tensor logits(const LatentFeatureInput& input);

  /// Starts the scores at the items' shares (0..1) in the training data.
  void set_prior(const std::vector<float>& shares);

  [[nodiscard]] LatentFeatureWeights weights() const;

  /// The tables that are looked up by term; their gradients see few rows of each batch.
  [[nodiscard]] std::vector<torch::Tensor> table_parameters() const;
  /// All others.
  [[nodiscard]] std::vector<torch::Tensor> dense_parameters() const;

 private:
  LatentFeatureShape shape_;
  std::vector<std::uint32_t> term_buckets_;
  torch::nn::EmbeddingBag tag_projection_{nullptr}, text_embedding_{nullptr}, text_to_items_{nullptr};
  torch::Tensor tag_bias_;
  torch::nn::Linear text_projection_{nullptr}, head_{nullptr}, output_{nullptr};
  torch::nn::GRU gru_{nullptr};
  torch::nn::Dropout dropout_{nullptr};
};

TORCH_MODULE(LatentFeatureModule);

}  // namespace eddy
