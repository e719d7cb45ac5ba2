#include "model/recommenders/network.h"

#include <cmath>
#include <string>
#include <utility>

#include "base/hash.h"
#include "model/recommenders/float_kernels.h"

namespace eddy {
namespace {

/// What the side of an interaction that is not there adds: only where sides are added up.
std::vector<float> silence(const NetworkWeights& weights, const std::vector<float>& bias) {
  std::vector<float> result(weights.shape.projects() ? weights.shape.projection : 0, 0.0F);
  if (weights.shape.encoding != Encoding::kProjected || bias.empty()) return result;
  for (std::size_t i = 0; i < bias.size(); ++i) result[i] = std::tanh(bias[i]);
  return result;
}

/// The bias of gru_step: for r and z both, for n the input's.
std::vector<float> joined_bias(std::vector<float> input_bias, const std::vector<float>& hidden_bias) {
  for (std::size_t j = 0; j < input_bias.size() / 3 * 2; ++j) input_bias[j] += hidden_bias[j];
  return input_bias;
}

std::vector<float> last_third(const std::vector<float>& values) {
  return {values.end() - static_cast<std::ptrdiff_t>(values.size() / 3), values.end()};
}

// Flags are 0 or 1, so their rows of the input matrix are biases.
std::vector<float> gate_bias_of(const NetworkWeights& weights, Channel channel, bool follows_purchase) {
  const NetworkShape& shape = weights.shape;
  const std::size_t gates = 3 * shape.hidden;
  std::vector<float> bias = weights.gru_input_bias;
  const auto add_row = [&](std::size_t row) {
    const float* flag = weights.gru_input.data() + row * gates;
    for (std::size_t j = 0; j < gates; ++j) bias[j] += flag[j];
  };
  if (channel == Channel::kCall && shape.channel_flag) add_row(shape.encoded_width());
  if (follows_purchase && shape.purchase_flag) add_row(shape.gru_inputs() - 1);
  return joined_bias(std::move(bias), weights.gru_hidden_bias);
}

std::array<std::vector<float>, 2> gate_biases_of(const NetworkWeights& weights, Channel channel) {
  return {gate_bias_of(weights, channel, false), gate_bias_of(weights, channel, true)};
}

std::vector<PackedMatrix> pack_head(const NetworkWeights& weights) {
  std::vector<PackedMatrix> layers;
  std::size_t width = weights.shape.features();
  for (std::size_t i = 0; i < weights.head.size(); ++i) {
    layers.emplace_back(width, weights.shape.head[i], weights.head[i].values);
    width = weights.shape.head[i];
  }
  return layers;
}

/// Empty unless the shape has it.
PackedMatrix pack(bool present, std::size_t in, std::size_t out, const std::vector<float>& values) {
  return present ? PackedMatrix(in, out, values) : PackedMatrix(0, 0, {});
}

std::vector<float> neutral_latent_of(const NetworkWeights& weights, const std::vector<float>& bias,
                                     const std::vector<float>& candidate_bias) {
  const std::size_t hidden = weights.shape.hidden;
  std::vector<float> latent(hidden, 0.0F);
  if (weights.shape.imputation != Imputation::kNeutral) return latent;
  std::vector<std::uint32_t> tags;
  for (std::uint32_t tag = 0; tag < weights.neutral_session.size(); ++tag)
    if (weights.neutral_session[tag] > 0.5F) tags.push_back(tag);
  std::vector<float> from_input(3 * hidden, 0.0F);
  const std::vector<float> from_hidden(3 * hidden, 0.0F);
  add_rows(weights.gru_input.data(), 3 * hidden, tags, from_input.data());
  gru_step(hidden, from_input.data(), from_hidden.data(), bias.data(), candidate_bias.data(), latent.data(),
           latent.data());
  return latent;
}

std::shared_ptr<const Network> make_call_generator(std::string_view name,
                                                   const std::shared_ptr<const Vocabulary>& vocabulary,
                                                   const NetworkWeights& weights) {
  if (weights.call_generator == nullptr) return nullptr;
  return std::make_shared<const Network>(std::string(name) + "/call_generator", vocabulary,
                                         *weights.call_generator);
}

}  // namespace

PackedSessionGenerator::PackedSessionGenerator(const NetworkShape& shape,
                                               const SessionGeneratorWeights& weights)
    : dense(pack(shape.imputation == Imputation::kGenerated, shape.embedding, shape.session_generator,
                 weights.dense.values)),
      gru_input(pack(shape.imputation == Imputation::kGenerated, shape.session_generator,
                     3 * shape.session_generator, weights.gru_input)),
      gru_hidden(pack(shape.imputation == Imputation::kGenerated, shape.session_generator,
                      3 * shape.session_generator, weights.gru_hidden)),
      output(pack(shape.imputation == Imputation::kGenerated, shape.session_generator, shape.tags,
                  weights.output.values)),
      gate_bias(joined_bias(weights.gru_input_bias, weights.gru_hidden_bias)),
      candidate_bias(last_third(weights.gru_hidden_bias)) {}

Network::Network(std::string_view name, std::shared_ptr<const Vocabulary> the_vocabulary,
                 NetworkWeights the_weights)
    : weights(std::move(the_weights)),
      vocabulary(std::move(the_vocabulary)),
      terms(weights.term_buckets, weights.shape.buckets, weights.shape.max_ngram,
            weights.shape.customer_only),
      identity(hash_bytes(name)),
      text_projection(
          pack(shape().projects_text(), shape().embedding, shape().projection, weights.text_projection)),
      // Of multi-hot inputs single rows are added up.
      gru_input(pack(shape().projects(), shape().encoded_width(), 3 * shape().hidden, weights.gru_input)),
      gru_hidden(shape().hidden, 3 * shape().hidden, weights.gru_hidden),
      call_projection(
          pack(shape().call_width > 0, shape().embedding, shape().call_width, weights.call_projection)),
      output(shape().head.empty() ? shape().features() : shape().head.back(), shape().items, weights.output),
      vector_to_items(
          pack(shape().sums_vectors(), shape().embedding, shape().items, weights.vector_to_items)),
      anchors{pack(shape().encoding == Encoding::kSimilarities, shape().projection, shape().anchors,
                   weights.session_anchors),
              pack(shape().encoding == Encoding::kSimilarities, shape().projection, shape().anchors,
                   weights.call_anchors)},
      head(pack_head(weights)),
      silent_call(silence(weights, weights.text_bias)),
      silent_session(silence(weights, weights.tag_bias)),
      gate_bias{gate_biases_of(weights, Channel::kSession), gate_biases_of(weights, Channel::kCall)},
      candidate_bias(last_third(weights.gru_hidden_bias)),
      neutral_latent(neutral_latent_of(weights, gate_bias[0][0], candidate_bias)),
      call_generator(make_call_generator(name, vocabulary, weights)),
      session_generator(shape(), weights.session_generator) {}

void Network::add_vector(const float* mean, std::vector<float>& scratch, float* linear) const {
  scratch.resize(shape().items);
  vector_to_items.multiply(1, mean, scratch.data());
  for (std::size_t i = 0; i < scratch.size(); ++i) linear[i] += scratch[i];
}

}  // namespace eddy
