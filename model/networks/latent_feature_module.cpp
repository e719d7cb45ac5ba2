#include "model/networks/latent_feature_module.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace eddy {
namespace {

torch::nn::EmbeddingBag make_table(std::size_t rows, std::size_t columns, bool mean) {
  auto options = torch::nn::EmbeddingBagOptions(static_cast<std::int64_t>(std::max<std::size_t>(rows, 1)),
                                                static_cast<std::int64_t>(columns));
  if (mean) {
    options.mode(torch::kMean);
  } else {
    options.mode(torch::kSum);
  }
  return torch::nn::EmbeddingBag(options);
}

torch::nn::Linear make_linear(std::size_t inputs, std::size_t outputs) {
  return torch::nn::Linear(static_cast<std::int64_t>(inputs), static_cast<std::int64_t>(outputs));
}

torch::Tensor look_up(torch::nn::EmbeddingBag& table, const torch::Tensor& ids,
                      const torch::Tensor& offsets) {
  if (ids.numel() == 0) return torch::zeros({offsets.size(0), table->weight.size(1)});
  return table(ids, offsets);
}

torch::Tensor index_tensor(const std::vector<std::int64_t>& values) {
  return torch::tensor(values, torch::kInt64);
}

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor dense = tensor.detach().to(torch::kFloat32).contiguous();
  const auto* first = dense.data_ptr<float>();
  return {first, first + dense.numel()};
}

/// A table has a row even when there is nothing to look up.
std::vector<float> rows_of(const torch::Tensor& tensor, std::size_t rows) {
  return values_of(tensor.narrow(0, 0, static_cast<std::int64_t>(rows)));
}

}  // namespace

LatentFeatureInput to_input(const TrainingBatch& batch) {
  LatentFeatureInput input;
  input.batch_sizes = index_tensor(batch.batch_sizes);
  input.channel = torch::tensor(batch.channel).unsqueeze(1);
  input.tag_ids = index_tensor(batch.tags.ids);
  input.tag_offsets = index_tensor(batch.tags.offsets);
  input.term_ids = index_tensor(batch.terms.ids);
  input.term_offsets = index_tensor(batch.terms.offsets);
  input.last_term_ids = index_tensor(batch.last_terms.ids);
  input.last_term_offsets = index_tensor(batch.last_terms.offsets);
  return input;
}

LatentFeatureModuleImpl::LatentFeatureModuleImpl(const LatentFeatureShape& shape,
                                                 std::vector<std::uint32_t> term_buckets, double dropout,
                                                 bool linear_path)
    : shape_(shape), term_buckets_(std::move(term_buckets)) {
  tag_projection_ = register_module("tag_projection", make_table(shape.tags, shape.projection, false));
  tag_bias_ = register_parameter("tag_bias", torch::zeros({static_cast<std::int64_t>(shape.projection)}));
  text_embedding_ = register_module("text_embedding", make_table(shape.terms, shape.embedding, true));
  text_projection_ = register_module("text_projection", make_linear(shape.embedding, shape.projection));
  gru_ = register_module("gru", torch::nn::GRU(static_cast<std::int64_t>(shape.projection) + 1,
                                               static_cast<std::int64_t>(shape.hidden)));
  dropout_ = register_module("dropout", torch::nn::Dropout(dropout));
  head_ = register_module("head", make_linear(shape.hidden, shape.hidden));
  output_ = register_module("output", make_linear(shape.hidden, shape.items));
  if (linear_path) {
    text_to_items_ = register_module("text_to_items", make_table(shape.terms, shape.items, true));
    torch::nn::init::zeros_(text_to_items_->weight);
  }
  torch::nn::init::xavier_uniform_(tag_projection_->weight);
  torch::nn::init::xavier_uniform_(text_projection_->weight);
  torch::nn::init::zeros_(text_projection_->bias);
  for (auto& parameter : gru_->named_parameters()) {
    if (parameter.key().find("weight_ih") != std::string::npos)
      torch::nn::init::xavier_uniform_(parameter.value());
    else if (parameter.key().find("weight_hh") != std::string::npos)
      torch::nn::init::orthogonal_(parameter.value());
    else
      torch::nn::init::zeros_(parameter.value());
  }
  torch::nn::init::xavier_uniform_(head_->weight);
  torch::nn::init::zeros_(head_->bias);
  torch::nn::init::xavier_uniform_(output_->weight);
}

torch::Tensor LatentFeatureModuleImpl::logits(const LatentFeatureInput& input) {
  const torch::Tensor tags = look_up(tag_projection_, input.tag_ids, input.tag_offsets) + tag_bias_;
  const torch::Tensor text = text_projection_(look_up(text_embedding_, input.term_ids, input.term_offsets));
  const torch::Tensor read = torch::cat({torch::tanh(tags) + torch::tanh(text), input.channel}, 1);
  const torch::nn::utils::rnn::PackedSequence packed(read, input.batch_sizes);
  const torch::Tensor latent = std::get<1>(gru_->forward_with_packed_input(packed)).squeeze(0);
  torch::Tensor scores = output_(torch::relu(head_(dropout_(latent))));
  if (!text_to_items_.is_empty())
    scores = scores + look_up(text_to_items_, input.last_term_ids, input.last_term_offsets);
  return scores;
}

void LatentFeatureModuleImpl::set_prior(const std::vector<float>& shares) {
  const torch::NoGradGuard no_gradient;
  const torch::Tensor prior = torch::tensor(shares).clamp(1e-4, 1 - 1e-4);
  output_->bias.copy_(torch::log(prior / (1 - prior)));
}

LatentFeatureWeights LatentFeatureModuleImpl::weights() const {
  LatentFeatureWeights weights;
  weights.shape = shape_;
  weights.term_buckets = term_buckets_;
  weights.tag_projection = rows_of(tag_projection_->weight, shape_.tags);
  weights.tag_bias = values_of(tag_bias_);
  weights.text_embedding = rows_of(text_embedding_->weight, shape_.terms);
  weights.text_projection = values_of(text_projection_->weight.t());
  weights.text_bias = values_of(text_projection_->bias);
  const auto gru = gru_->named_parameters();
  weights.gru_input = values_of(gru["weight_ih_l0"].t());
  weights.gru_hidden = values_of(gru["weight_hh_l0"].t());
  weights.gru_input_bias = values_of(gru["bias_ih_l0"]);
  weights.gru_hidden_bias = values_of(gru["bias_hh_l0"]);
  weights.head = values_of(head_->weight.t());
  weights.head_bias = values_of(head_->bias);
  weights.output = values_of(output_->weight.t());
  weights.output_bias = values_of(output_->bias);
  if (!text_to_items_.is_empty()) weights.text_to_items = rows_of(text_to_items_->weight, shape_.terms);
  return weights;
}

std::vector<torch::Tensor> LatentFeatureModuleImpl::table_parameters() const {
  std::vector<torch::Tensor> tables{text_embedding_->weight};
  if (!text_to_items_.is_empty()) tables.push_back(text_to_items_->weight);
  return tables;
}

std::vector<torch::Tensor> LatentFeatureModuleImpl::dense_parameters() const {
  std::vector<torch::Tensor> dense;
  for (const auto& parameter : named_parameters())
    if (parameter.key() != "text_embedding.weight" && parameter.key() != "text_to_items.weight")
      dense.push_back(parameter.value());
  return dense;
}

}  // namespace eddy
