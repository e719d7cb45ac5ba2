#include "model/recommenders/interaction_encoder.h"

#include <algorithm>
#include <cmath>

#include "model/recommenders/float_kernels.h"

namespace eddy {
namespace {

void grow(std::vector<float>& buffer, std::size_t size) {
  if (buffer.size() < size) buffer.resize(size);
}

void to_unit_length(std::span<float> values) {
  constexpr float kLeast = 1e-8F;
  float squares = 0;
  for (const float value : values) squares += value * value;
  const float by = 1.0F / std::max(std::sqrt(squares), kLeast);
  for (float& value : values) value *= by;
}

}  // namespace

InteractionEncoder::InteractionEncoder(std::shared_ptr<const Network> network)
    : network_(std::move(network)), session_tags_(*network_->vocabulary), call_reader_(network_) {}

void InteractionEncoder::encode(std::span<const Task> tasks, float* from_input) {
  const auto& shape = network_->shape();
  if (shape.encoding == Encoding::kMultiHot) {
    for (std::size_t i = 0; i < tasks.size(); ++i)
      encode_multi_hot(*tasks[i].interaction, from_input + i * 3 * shape.hidden);
    return;
  }
  session_tasks_.clear();
  call_tasks_.clear();
  for (std::uint32_t i = 0; i < tasks.size(); ++i)
    (tasks[i].interaction->call != nullptr ? call_tasks_ : session_tasks_).push_back(i);
  grow(x_, tasks.size() * shape.encoded_width());
  project_sessions(tasks);
  project_calls(tasks);
  network_->gru_input.multiply(tasks.size(), x_.data(), from_input);
}

void InteractionEncoder::encode_multi_hot(const Interaction& interaction, float* from_input) {
  const std::size_t gates = 3 * network_->shape().hidden;
  if (interaction.session != nullptr) {
    session_tags_.collect(*interaction.session, indices_);
  } else {
    indices_.clear();
    session_tags_.begin();
    for_each_winner(*interaction.call, [&](const UtteranceFact& utterance) {
      if (network_->terms.hears(utterance)) session_tags_.append_new(utterance.keywords, indices_);
    });
  }
  std::fill_n(from_input, gates, 0.0F);
  add_rows(network_->weights.gru_input.data(), gates, indices_, from_input);
}

void InteractionEncoder::project_sessions(std::span<const Task> tasks) {
  const auto& weights = network_->weights;
  const std::size_t width = network_->shape().projection;
  const bool compares = network_->shape().encoding == Encoding::kSimilarities;
  if (compares) grow(projected_, session_tasks_.size() * width);
  for (std::size_t i = 0; i < session_tasks_.size(); ++i) {
    const std::uint32_t task = session_tasks_[i];
    float* x = compares ? projected_.data() + i * width : x_.data() + task * width;
    session_tags_.collect(*tasks[task].interaction->session, indices_);
    std::fill_n(x, width, 0.0F);
    add_rows(weights.tag_projection.data(), width, indices_, x);
    if (network_->shape().sums_history() && tasks[task].is_last) add_linear(tasks[task]);
    tanh_of_sum(width, weights.tag_bias.data(), network_->silent_call.data(), x);
  }
  if (compares) compare(session_tasks_, Channel::kSession);
}

// Of a session whose tags are in indices_.
void InteractionEncoder::add_linear(const Task& task) {
  if (indices_.empty()) return;
  const std::size_t items = network_->shape().items;
  add_rows(network_->weights.tag_to_items.data(), items, indices_, task.linear);
  const float scale = 1.0F / std::sqrt(static_cast<float>(indices_.size()));
  for (std::size_t i = 0; i < items; ++i) task.linear[i] *= scale;
}

void InteractionEncoder::project_calls(std::span<const Task> tasks) {
  const auto& weights = network_->weights;
  const auto& shape = network_->shape();
  grow(text_, call_tasks_.size() * shape.embedding);
  grow(projected_, call_tasks_.size() * shape.projection);
  for (std::size_t i = 0; i < call_tasks_.size(); ++i) {
    const Task& task = tasks[call_tasks_[i]];
    call_reader_.read(*task.interaction->call, *task.kept, task.is_last, text_.data() + i * shape.embedding,
                      task.linear);
  }
  network_->text_projection.multiply(call_tasks_.size(), text_.data(), projected_.data());
  const bool compares = shape.encoding == Encoding::kSimilarities;
  for (std::size_t i = 0; i < call_tasks_.size(); ++i) {
    float* projected = projected_.data() + i * shape.projection;
    tanh_of_sum(shape.projection, weights.text_bias.data(), network_->silent_session.data(), projected);
    if (!compares) std::copy_n(projected, shape.projection, x_.data() + call_tasks_[i] * shape.projection);
  }
  if (compares) compare(call_tasks_, Channel::kCall);
}

// The cosines of what is projected to the anchors of its channel.
void InteractionEncoder::compare(std::span<const std::uint32_t> tasks, Channel channel) {
  const auto& shape = network_->shape();
  for (std::size_t i = 0; i < tasks.size(); ++i)
    to_unit_length({projected_.data() + i * shape.projection, shape.projection});
  grow(cosines_, tasks.size() * shape.anchors);
  network_->anchors[static_cast<std::size_t>(channel)].multiply(tasks.size(), projected_.data(),
                                                                cosines_.data());
  for (std::size_t i = 0; i < tasks.size(); ++i)
    std::copy_n(cosines_.data() + i * shape.anchors, shape.anchors, x_.data() + tasks[i] * shape.anchors);
}

}  // namespace eddy
