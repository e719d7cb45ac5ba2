#include "model/recommenders/latent_feature_network.h"

#include <cmath>
#include <utility>

#include "base/hash.h"

namespace eddy {
namespace {

std::vector<float> tanh_of(const std::vector<float>& values) {
  std::vector<float> result;
  result.reserve(values.size());
  for (const float value : values) result.push_back(std::tanh(value));
  return result;
}

// A channel's flag is 0 or 1, so its row of the input matrix is a bias.
std::vector<float> gate_bias_of(const LatentFeatureWeights& weights, Channel channel) {
  const std::size_t hidden = weights.shape.hidden;
  const float* flag = weights.gru_input.data() + weights.shape.projection * 3 * hidden;
  std::vector<float> bias = weights.gru_input_bias;
  for (std::size_t j = 0; j < 3 * hidden; ++j) {
    if (channel == Channel::kCall) bias[j] += flag[j];
    if (j < 2 * hidden) bias[j] += weights.gru_hidden_bias[j];
  }
  return bias;
}

}  // namespace

LatentFeatureNetwork::LatentFeatureNetwork(std::string name, std::vector<std::string> tags,
                                           std::vector<ItemId> items, LatentFeatureWeights the_weights)
    : weights(std::move(the_weights)),
      vocabulary(std::move(tags)),
      catalogue(std::make_shared<const ScoredModel>(ScoredModel{std::move(name), std::move(items)})),
      terms(weights.term_buckets, weights.shape.buckets, weights.shape.max_ngram,
            weights.shape.customer_only),
      identity(hash_bytes(catalogue.model()->name)),
      text_projection(shape().embedding, shape().projection, weights.text_projection),
      gru_input(shape().projection, 3 * shape().hidden, weights.gru_input),
      gru_hidden(shape().hidden, 3 * shape().hidden, weights.gru_hidden),
      head(shape().hidden, shape().hidden, weights.head),
      output(shape().hidden, shape().items, weights.output),
      silent_call(tanh_of(weights.text_bias)),
      silent_session(tanh_of(weights.tag_bias)),
      gate_bias{gate_bias_of(weights, Channel::kSession), gate_bias_of(weights, Channel::kCall)},
      candidate_bias(weights.gru_hidden_bias.end() - static_cast<std::ptrdiff_t>(weights.shape.hidden),
                     weights.gru_hidden_bias.end()) {}

}  // namespace eddy
