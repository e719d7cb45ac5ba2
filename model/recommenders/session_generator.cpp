#include "model/recommenders/session_generator.h"

#include <algorithm>

#include "model/recommenders/float_kernels.h"

namespace eddy {

std::vector<SessionGenerator::Sessions> SessionGenerator::generate(std::size_t rows,
                                                                   const float* embeddings) {
  const NetworkShape& shape = network_->shape();
  const PackedSessionGenerator& packed = network_->session_generator;
  const auto& weights = network_->weights.session_generator;
  const std::size_t width = shape.session_generator;
  const std::size_t gates = 3 * width;
  x_.resize(rows * width);
  from_input_.resize(rows * gates);
  from_hidden_.resize(rows * gates);
  tags_.resize(rows * shape.tags);
  h_.assign(rows * width, 0.0F);
  packed.dense.multiply(rows, embeddings, x_.data());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < width; ++j) x_[i * width + j] += weights.dense.bias[j];
  packed.gru_input.multiply(rows, x_.data(), from_input_.data());  // the same in each step
  std::vector<Sessions> sessions(rows, Sessions(shape.generated_steps));
  for (std::size_t step = 0; step < shape.generated_steps; ++step) {
    packed.gru_hidden.multiply(rows, h_.data(), from_hidden_.data());
    for (std::size_t i = 0; i < rows; ++i)
      gru_step(width, from_input_.data() + i * gates, from_hidden_.data() + i * gates,
               packed.gate_bias.data(), packed.candidate_bias.data(), h_.data() + i * width,
               h_.data() + i * width);
    packed.output.multiply(rows, h_.data(), tags_.data());
    for (std::size_t i = 0; i < rows; ++i)
      for (std::uint32_t tag = 0; tag < shape.tags; ++tag)
        if (tags_[i * shape.tags + tag] + weights.output.bias[tag] > 0) sessions[i][step].push_back(tag);
  }
  return sessions;
}

const float* SessionGenerator::latents(std::size_t rows, const float* embeddings) {
  const std::vector<Sessions> sessions = generate(rows, embeddings);
  const std::size_t hidden = network_->shape().hidden;
  latents_.assign(rows * hidden, 0.0F);
  from_input_.resize(rows * 3 * hidden);
  from_hidden_.resize(rows * 3 * hidden);
  for (std::size_t step = 0; step < network_->shape().generated_steps; ++step) read(sessions, step);
  return latents_.data();
}

void SessionGenerator::read(const std::vector<Sessions>& sessions, std::size_t step) {
  const std::size_t hidden = network_->shape().hidden;
  const std::size_t gates = 3 * hidden;
  network_->gru_hidden.multiply(sessions.size(), latents_.data(), from_hidden_.data());
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const auto& tags = sessions[i][step];
    if (tags.empty()) continue;
    float* from_input = from_input_.data() + i * gates;
    std::fill_n(from_input, gates, 0.0F);
    add_rows(network_->weights.gru_input.data(), gates, tags, from_input);
    gru_step(hidden, from_input, from_hidden_.data() + i * gates, network_->gate_bias[0][0].data(),
             network_->candidate_bias.data(), latents_.data() + i * hidden, latents_.data() + i * hidden);
  }
}

}  // namespace eddy
