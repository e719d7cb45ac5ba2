#include "model/recommenders/latent_feature_forward.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <vector>

#include "model/features/session_features.h"
#include "state/profile/interactions.h"

namespace eddy {
namespace {

constexpr std::size_t kUsersAtOnce = 64;  // bounds the padded tensors

std::int64_t extent(std::size_t size) {
  return static_cast<std::int64_t>(size);
}

// A view of weights, which ATen does not write to.
at::Tensor view(const std::vector<float>& values, std::vector<std::int64_t> extents) {
  return at::from_blob(const_cast<float*>(values.data()), extents, at::kFloat);
}

/// What the users did, padded to the longest: [users × steps × …].
struct PaddedInput {
  at::Tensor tags;         ///< multi-hot, × V
  at::Tensor text;         ///< mean embedding, × D
  at::Tensor channel;      ///< × 1; 1 for a call
  at::Tensor exists;       ///< × 1; 1 up to the user's length
  at::Tensor last_linear;  ///< [users × I]
};

at::Tensor mean_of_rows(const std::vector<float>& table, std::size_t width,
                        const std::vector<std::uint32_t>& rows) {
  const auto extents = std::vector<std::int64_t>{extent(table.size() / width), extent(width)};
  if (rows.empty()) return at::zeros({extent(width)});
  const at::Tensor index = at::tensor(std::vector<std::int64_t>(rows.begin(), rows.end()), at::kLong);
  return at::index_select(view(table, extents), 0, index).mean(0);
}

void write_call(const LatentFeatureNetwork& network, const CallFacts& call, bool is_last, std::int64_t user,
                std::int64_t step, PaddedInput& input) {
  std::vector<std::uint32_t> rows;
  network.terms.append_rows(call, rows);
  input.channel[user][step].fill_(1);
  input.text[user][step].copy_(mean_of_rows(network.weights.text_embedding, network.shape().embedding, rows));
  if (is_last && network.has_linear_path()) {
    input.last_linear[user].copy_(mean_of_rows(network.weights.text_to_items, network.shape().items, rows));
  }
}

PaddedInput pad(const LatentFeatureNetwork& network, std::span<const Facts* const> users) {
  const auto& shape = network.shape();
  std::vector<std::vector<Interaction>> histories(users.size());
  std::size_t steps = 0;
  for (std::size_t i = 0; i < users.size(); ++i) {
    auto& history = histories[i];
    list_interactions(*users[i], history);
    if (history.size() > shape.max_interactions) {
      history.erase(history.begin(), history.end() - static_cast<std::ptrdiff_t>(shape.max_interactions));
    }
    steps = std::max(steps, history.size());
  }
  const std::int64_t n = extent(users.size());
  const std::int64_t t = extent(steps);
  PaddedInput input{at::zeros({n, t, extent(shape.tags)}), at::zeros({n, t, extent(shape.embedding)}),
                    at::zeros({n, t, 1}), at::zeros({n, t, 1}), at::zeros({n, extent(shape.items)})};
  SessionTags session_tags(network.vocabulary);
  std::vector<std::uint32_t> tags;
  for (std::int64_t user = 0; user < n; ++user) {
    const auto& history = histories[static_cast<std::size_t>(user)];
    for (std::int64_t step = 0; step < extent(history.size()); ++step) {
      const Interaction& interaction = history[static_cast<std::size_t>(step)];
      input.exists[user][step].fill_(1);
      if (interaction.call != nullptr) {
        write_call(network, *interaction.call, step + 1 == extent(history.size()), user, step, input);
        continue;
      }
      session_tags.collect(*interaction.session, tags);
      for (const std::uint32_t tag : tags) input.tags[user][step][static_cast<std::int64_t>(tag)].fill_(1);
    }
  }
  return input;
}

// A masked GRU in the definition's own words: a step that does not exist leaves the latent as it is.
at::Tensor run_gru(const LatentFeatureNetwork& network, const at::Tensor& x, const at::Tensor& exists) {
  const auto& w = network.weights;
  const std::int64_t hidden = extent(network.shape().hidden);
  const at::Tensor w_input = view(w.gru_input, {extent(network.shape().projection) + 1, 3 * hidden});
  const at::Tensor w_hidden = view(w.gru_hidden, {hidden, 3 * hidden});
  const at::Tensor b_input = view(w.gru_input_bias, {3 * hidden});
  const at::Tensor b_hidden = view(w.gru_hidden_bias, {3 * hidden});
  at::Tensor h = at::zeros({x.size(0), hidden});
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

void forward(const LatentFeatureNetwork& network, std::span<const Facts* const> users, float* scores) {
  const c10::InferenceMode no_gradients;
  const auto& w = network.weights;
  const auto& shape = network.shape();
  const std::int64_t p = extent(shape.projection);
  const std::int64_t hidden = extent(shape.hidden);
  const std::int64_t items = extent(shape.items);

  const PaddedInput input = pad(network, users);
  const at::Tensor tags = at::tanh(at::matmul(input.tags, view(w.tag_projection, {extent(shape.tags), p})) +
                                   view(w.tag_bias, {p}));
  const at::Tensor text = at::tanh(
      at::matmul(input.text, view(w.text_projection, {extent(shape.embedding), p})) + view(w.text_bias, {p}));
  const at::Tensor h = run_gru(network, at::cat({tags + text, input.channel}, 2), input.exists);
  const at::Tensor head =
      at::relu(at::matmul(h, view(w.head, {hidden, hidden})) + view(w.head_bias, {hidden}));
  const at::Tensor logits = at::matmul(head, view(w.output, {hidden, items})) + view(w.output_bias, {items});
  const at::Tensor result = at::sigmoid(logits + input.last_linear).contiguous();
  std::copy_n(result.data_ptr<float>(), result.numel(), scores);
  for (std::size_t i = 0; i < users.size(); ++i) network.catalogue.mask(*users[i], scores + i * shape.items);
}

}  // namespace

Result<void> latent_feature_forward(const LatentFeatureNetwork& network, std::span<const Facts* const> users,
                                    float* scores) {
  try {
    while (!users.empty()) {
      const std::size_t count = std::min(kUsersAtOnce, users.size());
      forward(network, users.first(count), scores);
      scores += count * network.shape().items;
      users = users.subspan(count);
    }
    return {};
  } catch (const std::exception& error) {
    return internal_error(std::string("latent feature, batch forward pass: ") + error.what());
  }
}

}  // namespace eddy
