#pragma once

#include <torch/torch.h>

#include <vector>

#include "model/network_weights.h"
#include "model/training/training_batch.h"

namespace eddy {

/// A batch as tensors.
struct NetworkInput {
  torch::Tensor batch_sizes, channel, follows_purchase;
  torch::Tensor tag_ids, tag_offsets;
  torch::Tensor term_ids, term_offsets;
  torch::Tensor last_term_ids, last_term_offsets;
  torch::Tensor history_tag_ids, history_tag_offsets, history_tag_weights;
  torch::Tensor history_term_ids, history_term_offsets, history_term_weights;
  torch::Tensor call_term_ids, call_term_offsets;
  torch::Tensor vectors;                        ///< [steps × D]; undefined if there are none
  torch::Tensor call_vectors, history_vectors;  ///< [examples × D]; likewise
  torch::Tensor has_calls;                      ///< [examples × 1]
  std::int64_t examples = 0;
};

[[nodiscard]] NetworkInput to_input(const TrainingBatch& batch);

/// What a batch's logits are the sum of, [examples × items] each.
struct NetworkPaths {
  torch::Tensor network;  ///< with the output's bias
  torch::Tensor linear;   ///< of tags, terms and vectors, without a bias; undefined where there is none

  [[nodiscard]] torch::Tensor sum() const { return linear.defined() ? network + linear : network; }
};

/// A network of model/network_weights.h, to be trained. Throws c10::Error.
class NetworkModuleImpl : public torch::nn::Module {
 public:
  /// `term_buckets`: shape.terms of them. `dropout`: before the last hidden layer.
  NetworkModuleImpl(const NetworkShape& shape, std::vector<std::uint32_t> term_buckets, double dropout,
                    bool linear_path);

  /// In the order of the batch.
  NetworkPaths paths(const NetworkInput& input);
  /// Their sum, [examples × items].
  torch::Tensor logits(const NetworkInput& input);
  /// The bias of the scores, [items].
  [[nodiscard]] const torch::Tensor& bias() const { return output_->bias; }

  /// The calls' mean embedding, [examples × D], with what is imputed.
  torch::Tensor calls_mean(const NetworkInput& input);

  /// Starts the scores at the items' shares (0..1) in the training data.
  void set_prior(const std::vector<float>& shares);

  /// Moves each item's logit, whatever is read, by `amounts`, [items].
  void add_to_bias(const std::vector<float>& amounts);

  /// For Imputation::kNeutral: how often each term is in a call's mean on average, [K], or the average of the
  /// carried vectors, [D]; and the session that is read in place of none.
  void set_neutral(const std::vector<float>& call, std::vector<float> session);

  /// What the steps become before the flag, [steps × encoded width].
  torch::Tensor encode(const NetworkInput& input);

  /// For Encoding::kSimilarities: takes over the projections of a network of sessions and one of calls, and
  /// the anchors, [A × P] each; none of them is trained any more.
  void adopt(const NetworkModuleImpl& sessions, const NetworkModuleImpl& calls,
             const torch::Tensor& session_anchors, const torch::Tensor& call_anchors);

  /// Takes over the table of terms of another network; it is not trained any more.
  void adopt_table(const NetworkModuleImpl& from);

  [[nodiscard]] const NetworkShape& shape() const { return shape_; }
  [[nodiscard]] NetworkWeights weights() const;

  /// The tables that are looked up by term; their gradients see few rows of each batch.
  [[nodiscard]] std::vector<torch::Tensor> table_parameters() const;
  /// All others.
  [[nodiscard]] std::vector<torch::Tensor> dense_parameters() const;

 private:
  void make_projections();
  void make_head(double dropout);
  void initialise();
  torch::Tensor text_of(const torch::Tensor& ids, const torch::Tensor& offsets, const torch::Tensor& vectors);
  torch::Tensor read_sequence(const NetworkInput& input);
  torch::Tensor neutral_call() const;
  torch::Tensor linear(const NetworkInput& input);
  void export_projections(NetworkWeights& weights) const;

  NetworkShape shape_;
  std::vector<std::uint32_t> term_buckets_;
  torch::nn::EmbeddingBag tag_projection_{nullptr}, text_embedding_{nullptr}, text_to_items_{nullptr},
      tag_to_items_{nullptr};
  torch::Tensor tag_bias_, neutral_call_, session_anchors_, call_anchors_;
  std::vector<float> neutral_session_;
  torch::nn::Linear text_projection_{nullptr}, call_projection_{nullptr}, output_{nullptr},
      vector_to_items_{nullptr};
  torch::nn::GRU gru_{nullptr};
  torch::nn::Dropout dropout_{nullptr};
  std::vector<torch::nn::Linear> head_;
};

TORCH_MODULE(NetworkModule);

}  // namespace eddy
