#include "model/networks/network_module.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/networks/layers.h"

namespace eddy {
namespace {

std::int64_t extent(std::size_t size) {
  return static_cast<std::int64_t>(size);
}

torch::nn::EmbeddingBag make_table(std::size_t rows, std::size_t columns, bool mean) {
  auto options = torch::nn::EmbeddingBagOptions(extent(std::max<std::size_t>(rows, 1)), extent(columns));
  if (mean) {
    options.mode(torch::kMean);
  } else {
    options.mode(torch::kSum);
  }
  return torch::nn::EmbeddingBag(options);
}

torch::nn::Linear make_linear(std::size_t inputs, std::size_t outputs) {
  return torch::nn::Linear(extent(inputs), extent(outputs));
}

torch::nn::Linear make_linear_without_bias(std::size_t inputs, std::size_t outputs) {
  return torch::nn::Linear(torch::nn::LinearOptions(extent(inputs), extent(outputs)).bias(false));
}

// A step of Adam moves a weight by about the learning rate, however small its gradient. Weights of single
// tags and terms, and of a vector's values, have further to go than those of layers, so they are learned in
// these units.
constexpr double kTermUnit = 30;
constexpr double kTagUnit = 6;
constexpr double kVectorUnit = 5;

/// Sums of rows, each times its weight.
torch::Tensor look_up(torch::nn::EmbeddingBag& table, const torch::Tensor& ids, const torch::Tensor& offsets,
                      const torch::Tensor& weights) {
  if (ids.numel() == 0) return torch::zeros({offsets.size(0), table->weight.size(1)});
  return table(ids, offsets, weights);
}

torch::Tensor look_up(torch::nn::EmbeddingBag& table, const torch::Tensor& ids,
                      const torch::Tensor& offsets) {
  if (ids.numel() == 0) return torch::zeros({offsets.size(0), table->weight.size(1)});
  return table(ids, offsets);
}

torch::Tensor index_tensor(const std::vector<std::int64_t>& values) {
  return torch::tensor(values, torch::kInt64);
}

/// Rows of vectors; undefined if there are none.
torch::Tensor vector_tensor(const std::vector<float>& values, std::size_t rows) {
  if (values.empty()) return {};
  return torch::tensor(values).view({extent(rows), -1});
}

torch::Tensor to_unit_rows(const torch::Tensor& rows) {
  return rows / torch::norm(rows, 2, 1, true).clamp_min(1e-8);
}

/// [rows × anchors], of rows and anchors (of length 1).
torch::Tensor cosines(const torch::Tensor& rows, const torch::Tensor& anchors) {
  return torch::matmul(to_unit_rows(rows), anchors.t());
}

/// A table has a row even when there is nothing to look up.
std::vector<float> rows_of(const torch::Tensor& tensor, std::size_t rows) {
  return values_of(tensor.narrow(0, 0, extent(rows)));
}

}  // namespace

NetworkInput to_input(const TrainingBatch& batch) {
  NetworkInput input;
  input.examples = extent(batch.size());
  input.batch_sizes = index_tensor(batch.batch_sizes);
  input.channel = torch::tensor(batch.channel).unsqueeze(1);
  input.follows_purchase = torch::tensor(batch.follows_purchase).unsqueeze(1);
  input.tag_ids = index_tensor(batch.tags.ids);
  input.tag_offsets = index_tensor(batch.tags.offsets);
  input.term_ids = index_tensor(batch.terms.ids);
  input.term_offsets = index_tensor(batch.terms.offsets);
  input.last_term_ids = index_tensor(batch.last_terms.ids);
  input.last_term_offsets = index_tensor(batch.last_terms.offsets);
  input.history_tag_ids = index_tensor(batch.history_tags.bags.ids);
  input.history_tag_offsets = index_tensor(batch.history_tags.bags.offsets);
  input.history_tag_weights = torch::tensor(batch.history_tags.weights);
  input.history_term_ids = index_tensor(batch.history_terms.bags.ids);
  input.history_term_offsets = index_tensor(batch.history_terms.bags.offsets);
  input.history_term_weights = torch::tensor(batch.history_terms.weights);
  input.call_term_ids = index_tensor(batch.call_terms.ids);
  input.call_term_offsets = index_tensor(batch.call_terms.offsets);
  input.vectors = vector_tensor(batch.vectors, batch.channel.size());
  input.call_vectors = vector_tensor(batch.call_vectors, batch.size());
  input.history_vectors = vector_tensor(batch.history_vectors, batch.size());
  input.has_calls = torch::tensor(batch.has_calls).unsqueeze(1);
  return input;
}

NetworkModuleImpl::NetworkModuleImpl(const NetworkShape& shape, std::vector<std::uint32_t> term_buckets,
                                     double dropout, bool linear_path)
    : shape_(shape), term_buckets_(std::move(term_buckets)) {
  make_projections();
  make_head(dropout);
  if (shape.sums_history()) {
    text_to_items_ = register_module("text_to_items", make_table(shape.terms, shape.items, false));
    tag_to_items_ = register_module("tag_to_items", make_table(shape.tags, shape.items, false));
    torch::nn::init::zeros_(text_to_items_->weight);
    torch::nn::init::zeros_(tag_to_items_->weight);
    if (shape.sums_vectors()) {
      vector_to_items_ =
          register_module("vector_to_items", make_linear_without_bias(shape.embedding, shape.items));
      torch::nn::init::zeros_(vector_to_items_->weight);
    }
  } else if (linear_path && shape.has_table() && shape.encoding == Encoding::kProjected) {
    text_to_items_ = register_module("text_to_items", make_table(shape.terms, shape.items, true));
    torch::nn::init::zeros_(text_to_items_->weight);
  }
  initialise();
}

void NetworkModuleImpl::make_projections() {
  if (shape_.projects_tags()) {
    tag_projection_ = register_module("tag_projection", make_table(shape_.tags, shape_.projection, false));
    tag_bias_ = register_parameter("tag_bias", torch::zeros({extent(shape_.projection)}));
  }
  if (shape_.has_table())
    text_embedding_ = register_module("text_embedding", make_table(shape_.terms, shape_.embedding, true));
  if (shape_.projects_text())
    text_projection_ = register_module("text_projection", make_linear(shape_.embedding, shape_.projection));
  if (shape_.hidden > 0)
    gru_ = register_module("gru", torch::nn::GRU(extent(shape_.gru_inputs()), extent(shape_.hidden)));
  if (shape_.call_width > 0)
    call_projection_ = register_module("call_projection", make_linear(shape_.embedding, shape_.call_width));
}

void NetworkModuleImpl::make_head(double dropout) {
  dropout_ = register_module("dropout", torch::nn::Dropout(dropout));
  std::size_t width = shape_.features();
  for (std::size_t i = 0; i < shape_.head.size(); ++i) {
    const std::string name = i == 0 ? "head" : "head_" + std::to_string(i + 1);
    head_.push_back(register_module(name, make_linear(width, shape_.head[i])));
    width = shape_.head[i];
  }
  output_ = register_module("output", make_linear(width, shape_.items));
}

void NetworkModuleImpl::initialise() {
  if (!tag_projection_.is_empty()) torch::nn::init::xavier_uniform_(tag_projection_->weight);
  if (!text_projection_.is_empty()) initialise_linear(text_projection_);
  if (!gru_.is_empty()) initialise_gru(gru_);
  if (!call_projection_.is_empty()) initialise_linear(call_projection_);
  for (torch::nn::Linear& layer : head_) initialise_linear(layer);
  torch::nn::init::xavier_uniform_(output_->weight);
}

torch::Tensor NetworkModuleImpl::text_of(const torch::Tensor& ids, const torch::Tensor& offsets,
                                         const torch::Tensor& vectors) {
  return shape_.text == TextSource::kCarried ? vectors : look_up(text_embedding_, ids, offsets);
}

torch::Tensor NetworkModuleImpl::neutral_call() const {
  if (shape_.text == TextSource::kCarried) return neutral_call_.unsqueeze(0);
  return torch::matmul(neutral_call_.unsqueeze(0),
                       text_embedding_->weight.narrow(0, 0, extent(shape_.terms)));
}

torch::Tensor NetworkModuleImpl::calls_mean(const NetworkInput& input) {
  const torch::Tensor mean = text_of(input.call_term_ids, input.call_term_offsets, input.call_vectors);
  if (shape_.imputation == Imputation::kNone) return mean;
  const bool neutral = shape_.imputation == Imputation::kNeutral;
  return torch::where(input.has_calls > 0.5, mean, neutral ? neutral_call() : input.call_vectors);
}

torch::Tensor NetworkModuleImpl::encode(const NetworkInput& input) {
  if (shape_.encoding == Encoding::kMultiHot) return multi_hot(input.tag_ids, input.tag_offsets, shape_.tags);
  torch::Tensor tags, text;
  if (shape_.reads_sessions)
    tags = torch::tanh(look_up(tag_projection_, input.tag_ids, input.tag_offsets) + tag_bias_);
  if (shape_.reads_calls)
    text = torch::tanh(text_projection_(text_of(input.term_ids, input.term_offsets, input.vectors)));
  if (shape_.encoding == Encoding::kSimilarities)
    return torch::where(input.channel > 0.5, cosines(text, call_anchors_), cosines(tags, session_anchors_));
  if (!shape_.reads_calls) return tags;
  return shape_.reads_sessions ? tags + text : text;
}

void NetworkModuleImpl::adopt(const NetworkModuleImpl& sessions, const NetworkModuleImpl& calls,
                              const torch::Tensor& session_anchors, const torch::Tensor& call_anchors) {
  const torch::NoGradGuard no_gradient;
  const auto take = [](torch::Tensor to, const torch::Tensor& from) {
    to.copy_(from);
    to.set_requires_grad(false);
  };
  take(tag_projection_->weight, sessions.tag_projection_->weight);
  take(tag_bias_, sessions.tag_bias_);
  if (!text_embedding_.is_empty()) take(text_embedding_->weight, calls.text_embedding_->weight);
  take(text_projection_->weight, calls.text_projection_->weight);
  take(text_projection_->bias, calls.text_projection_->bias);
  session_anchors_ = to_unit_rows(session_anchors).detach();
  call_anchors_ = to_unit_rows(call_anchors).detach();
}

// [examples × H]; examples without a step are the last ones, and have zeros.
torch::Tensor NetworkModuleImpl::read_sequence(const NetworkInput& input) {
  if (input.batch_sizes.numel() == 0) return torch::zeros({input.examples, extent(shape_.hidden)});
  torch::Tensor read = encode(input);
  if (shape_.channel_flag) read = torch::cat({read, input.channel}, 1);
  if (shape_.purchase_flag) read = torch::cat({read, input.follows_purchase}, 1);
  const torch::nn::utils::rnn::PackedSequence packed(read, input.batch_sizes);
  torch::Tensor latent = std::get<1>(gru_->forward_with_packed_input(packed)).squeeze(0);
  const std::int64_t missing = input.examples - latent.size(0);
  if (missing > 0) latent = torch::cat({latent, torch::zeros({missing, extent(shape_.hidden)})});
  return latent;
}

torch::Tensor NetworkModuleImpl::logits(const NetworkInput& input) {
  return paths(input).sum();
}

NetworkPaths NetworkModuleImpl::paths(const NetworkInput& input) {
  std::vector<torch::Tensor> parts;
  if (shape_.call_width > 0) parts.push_back(call_projection_(calls_mean(input)));
  if (shape_.hidden > 0) {
    parts.push_back(read_sequence(input));
  } else if (shape_.encoding != Encoding::kNone) {
    parts.push_back(encode(input));  // examples of one interaction each
  }
  torch::Tensor features = parts.size() == 1 ? parts.front() : torch::cat(parts, 1);
  for (std::size_t i = 0; i < head_.size(); ++i) {
    if (i + 1 == head_.size()) features = dropout_(features);
    features = torch::relu(head_[i](features));
  }
  return {output_(features), linear(input)};
}

torch::Tensor NetworkModuleImpl::linear(const NetworkInput& input) {
  if (text_to_items_.is_empty()) return {};
  if (!shape_.sums_history()) return look_up(text_to_items_, input.last_term_ids, input.last_term_offsets);
  const torch::Tensor of_terms =
      look_up(text_to_items_, input.history_term_ids, input.history_term_offsets, input.history_term_weights);
  const torch::Tensor of_tags =
      look_up(tag_to_items_, input.history_tag_ids, input.history_tag_offsets, input.history_tag_weights);
  const torch::Tensor sum = kTermUnit * of_terms + kTagUnit * of_tags;
  return vector_to_items_.is_empty() ? sum : sum + kVectorUnit * vector_to_items_(input.history_vectors);
}

void NetworkModuleImpl::adopt_table(const NetworkModuleImpl& from) {
  if (text_embedding_.is_empty()) return;
  const torch::NoGradGuard no_gradient;
  text_embedding_->weight.copy_(from.text_embedding_->weight);
  text_embedding_->weight.set_requires_grad(false);
}

void NetworkModuleImpl::set_prior(const std::vector<float>& shares) {
  const torch::NoGradGuard no_gradient;
  const torch::Tensor prior = torch::tensor(shares).clamp(1e-4, 1 - 1e-4);
  output_->bias.copy_(torch::log(prior / (1 - prior)));
}

void NetworkModuleImpl::add_to_bias(const std::vector<float>& amounts) {
  const torch::NoGradGuard no_gradient;
  output_->bias.add_(torch::tensor(amounts));
}

void NetworkModuleImpl::set_neutral(const std::vector<float>& call, std::vector<float> session) {
  neutral_call_ = torch::tensor(call);
  neutral_session_ = std::move(session);
}

void NetworkModuleImpl::export_projections(NetworkWeights& weights) const {
  if (!tag_projection_.is_empty()) {
    weights.tag_projection = rows_of(tag_projection_->weight, shape_.tags);
    weights.tag_bias = values_of(tag_bias_);
  }
  if (!text_embedding_.is_empty()) weights.text_embedding = rows_of(text_embedding_->weight, shape_.terms);
  if (!text_projection_.is_empty()) {
    weights.text_projection = values_of(text_projection_->weight.t());
    weights.text_bias = values_of(text_projection_->bias);
  }
  if (shape_.encoding == Encoding::kSimilarities) {
    weights.session_anchors = values_of(session_anchors_.t());
    weights.call_anchors = values_of(call_anchors_.t());
  }
  if (!call_projection_.is_empty()) {
    weights.call_projection = values_of(call_projection_->weight.t());
    weights.call_bias = values_of(call_projection_->bias);
  }
  if (shape_.imputation == Imputation::kNeutral) {
    weights.neutral_call = values_of(neutral_call());
    weights.neutral_session = neutral_session_;
  }
}

NetworkWeights NetworkModuleImpl::weights() const {
  NetworkWeights weights;
  weights.shape = shape_;
  weights.term_buckets = term_buckets_;
  export_projections(weights);
  if (!gru_.is_empty()) {
    const auto gru = gru_->named_parameters();
    weights.gru_input = values_of(gru["weight_ih_l0"].t());
    weights.gru_hidden = values_of(gru["weight_hh_l0"].t());
    weights.gru_input_bias = values_of(gru["bias_ih_l0"]);
    weights.gru_hidden_bias = values_of(gru["bias_hh_l0"]);
  }
  for (const torch::nn::Linear& layer : head_)
    weights.head.push_back({values_of(layer->weight.t()), values_of(layer->bias)});
  weights.output = values_of(output_->weight.t());
  weights.output_bias = values_of(output_->bias);
  if (!text_to_items_.is_empty()) {
    const double unit = shape_.sums_history() ? kTermUnit : 1;
    weights.text_to_items = rows_of(unit * text_to_items_->weight, shape_.terms);
  }
  if (!tag_to_items_.is_empty())
    weights.tag_to_items = rows_of(kTagUnit * tag_to_items_->weight, shape_.tags);
  if (!vector_to_items_.is_empty())
    weights.vector_to_items = values_of(kVectorUnit * vector_to_items_->weight.t());
  return weights;
}

std::vector<torch::Tensor> NetworkModuleImpl::table_parameters() const {
  std::vector<torch::Tensor> tables;
  if (!text_embedding_.is_empty()) tables.push_back(text_embedding_->weight);
  if (!text_to_items_.is_empty()) tables.push_back(text_to_items_->weight);
  if (!tag_to_items_.is_empty()) tables.push_back(tag_to_items_->weight);
  return tables;
}

std::vector<torch::Tensor> NetworkModuleImpl::dense_parameters() const {
  std::vector<torch::Tensor> dense;
  for (const auto& parameter : named_parameters())
    if (parameter.key() != "text_embedding.weight" && parameter.key() != "text_to_items.weight" &&
        parameter.key() != "tag_to_items.weight")
      dense.push_back(parameter.value());
  return dense;
}

}  // namespace eddy
