#include "model/networks/session_generator_module.h"

#include "model/networks/layers.h"

namespace eddy {

SessionGeneratorModuleImpl::SessionGeneratorModuleImpl(const NetworkShape& shape, double dropout)
    : steps_(shape.generated_steps) {
  const auto embedding = static_cast<std::int64_t>(shape.embedding);
  const auto width = static_cast<std::int64_t>(shape.session_generator);
  dense_ = register_module("dense", torch::nn::Linear(embedding, width));
  dropout_ = register_module("dropout", torch::nn::Dropout(dropout));
  gru_ = register_module("gru", torch::nn::GRU(torch::nn::GRUOptions(width, width)));
  output_ = register_module("output", torch::nn::Linear(width, static_cast<std::int64_t>(shape.tags)));
  initialise_linear(dense_);
  initialise_gru(gru_);
  initialise_linear(output_);
}

torch::Tensor SessionGeneratorModuleImpl::logits(const torch::Tensor& embeddings) {
  const torch::Tensor repeated = dense_(embeddings).unsqueeze(0).expand({steps_, -1, -1});
  const torch::Tensor latents = std::get<0>(gru_(dropout_(repeated)));  // [steps × examples × width]
  return output_(latents).transpose(0, 1);
}

SessionGeneratorWeights SessionGeneratorModuleImpl::weights() const {
  const auto gru = gru_->named_parameters();
  SessionGeneratorWeights weights;
  weights.dense = {values_of(dense_->weight.t()), values_of(dense_->bias)};
  weights.gru_input = values_of(gru["weight_ih_l0"].t());
  weights.gru_hidden = values_of(gru["weight_hh_l0"].t());
  weights.gru_input_bias = values_of(gru["bias_ih_l0"]);
  weights.gru_hidden_bias = values_of(gru["bias_hh_l0"]);
  weights.output = {values_of(output_->weight.t()), values_of(output_->bias)};
  return weights;
}

}  // namespace eddy
