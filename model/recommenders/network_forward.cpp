#include "model/recommenders/network_forward.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <vector>

#include "model/recommenders/padded_input.h"

namespace eddy {
namespace {

constexpr std::size_t kUsersAtOnce = 64;  // bounds the padded tensors

std::int64_t extent(std::size_t size) {
  return static_cast<std::int64_t>(size);
}

// A view of weights, which ATen does not write to.
at::Tensor view(const std::vector<float>& values, std::vector<std::size_t> extents) {
  return at::from_blob(const_cast<float*>(values.data()),
                       std::vector<std::int64_t>(extents.begin(), extents.end()), at::kFloat);
}

at::Tensor cosines(const at::Tensor& projected, const std::vector<float>& anchors,
                   const NetworkShape& shape) {
  const at::Tensor length = at::norm(projected, 2, {2}, true).clamp_min(1e-8);
  return at::matmul(projected / length, view(anchors, {shape.projection, shape.anchors}));
}

/// [users × steps × encoded width]
at::Tensor encode(const Network& network, const PaddedInput& input) {
  const auto& w = network.weights;
  const auto& shape = network.shape();
  if (shape.encoding == Encoding::kMultiHot) return input.tags;
  at::Tensor tags, text;
  if (shape.reads_sessions)
    tags = at::tanh(at::matmul(input.tags, view(w.tag_projection, {shape.tags, shape.projection})) +
                    view(w.tag_bias, {shape.projection}));
  if (shape.reads_calls)
    text = at::tanh(at::matmul(input.text, view(w.text_projection, {shape.embedding, shape.projection})) +
                    view(w.text_bias, {shape.projection}));
  if (shape.encoding == Encoding::kSimilarities) {
    if (!shape.reads_calls) return cosines(tags, w.session_anchors, shape);
    if (!shape.reads_sessions) return cosines(text, w.call_anchors, shape);
    return at::where(input.channel > 0.5, cosines(text, w.call_anchors, shape),
                     cosines(tags, w.session_anchors, shape));
  }
  if (!shape.reads_calls) return tags;
  return shape.reads_sessions ? tags + text : text;
}

// A masked GRU in the definition's own words: a step that does not exist leaves the latent as it is.
at::Tensor run_gru(const Network& network, const at::Tensor& x, const at::Tensor& exists) {
  const auto& w = network.weights;
  const std::size_t hidden = network.shape().hidden;
  const at::Tensor w_input = view(w.gru_input, {network.shape().gru_inputs(), 3 * hidden});
  const at::Tensor w_hidden = view(w.gru_hidden, {hidden, 3 * hidden});
  const at::Tensor b_input = view(w.gru_input_bias, {3 * hidden});
  const at::Tensor b_hidden = view(w.gru_hidden_bias, {3 * hidden});
  at::Tensor h = at::zeros({x.size(0), extent(hidden)});
  for (std::int64_t step = 0; step < x.size(1); ++step) {
    const auto input = (at::matmul(x.select(1, step), w_input) + b_input).chunk(3, 1);
    const auto before = (at::matmul(h, w_hidden) + b_hidden).chunk(3, 1);
    const at::Tensor r = at::sigmoid(input[0] + before[0]);
    const at::Tensor z = at::sigmoid(input[1] + before[1]);
    const at::Tensor candidate = at::tanh(input[2] + r * before[2]);
    h = at::where(exists.select(1, step) > 0.5, (1 - z) * candidate + z * h, h);
  }
  return h;
}

at::Tensor run_head(const Network& network, at::Tensor features) {
  const auto& w = network.weights;
  std::size_t width = network.shape().features();
  for (std::size_t i = 0; i < w.head.size(); ++i) {
    const std::size_t out = network.shape().head[i];
    features =
        at::relu(at::matmul(features, view(w.head[i].values, {width, out})) + view(w.head[i].bias, {out}));
    width = out;
  }
  const std::size_t items = network.shape().items;
  return at::matmul(features, view(w.output, {width, items})) + view(w.output_bias, {items});
}

void forward(const Network& network, std::span<const Facts* const> users, float* outputs) {
  const c10::InferenceMode no_gradients;
  const auto& w = network.weights;
  const auto& shape = network.shape();
  const PaddedInput input = pad(network, users);
  std::vector<at::Tensor> features;
  if (shape.call_width > 0)
    features.push_back(at::matmul(input.calls, view(w.call_projection, {shape.embedding, shape.call_width})) +
                       view(w.call_bias, {shape.call_width}));
  if (shape.hidden > 0) {
    at::Tensor x = encode(network, input);
    if (shape.channel_flag) x = at::cat({x, input.channel}, 2);
    if (shape.purchase_flag) x = at::cat({x, input.follows_purchase}, 2);
    features.push_back(run_gru(network, x, input.exists));
  }
  const at::Tensor result = (run_head(network, at::cat(features, 1)) + input.linear).contiguous();
  std::copy_n(result.data_ptr<float>(), result.numel(), outputs);
}

}  // namespace

Result<void> network_forward(const Network& network, std::span<const Facts* const> users, float* outputs) {
  try {
    while (!users.empty()) {
      const std::size_t count = std::min(kUsersAtOnce, users.size());
      forward(network, users.first(count), outputs);
      outputs += count * network.shape().items;
      users = users.subspan(count);
    }
    return {};
  } catch (const std::exception& error) {
    return internal_error(std::string("batch forward pass: ") + error.what());
  }
}

}  // namespace eddy
