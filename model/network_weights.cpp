#include "model/network_weights.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace eddy {
namespace {

// One row per float vector: its name in the file, its place, its extents. The single list that encoding,
// decoding and checking share. `Floats` is const where the weights are.
template <class Floats>
struct Member {
  std::string name;
  Floats* values;
  std::vector<std::size_t> extents;
  bool optional = false;
};

template <class Weights>
auto members(Weights& w) {
  using Floats = std::remove_reference_t<decltype((w.output))>;
  std::vector<Member<Floats>> list;
  const auto add = [&](std::string name, Floats& values, std::vector<std::size_t> extents,
                       bool optional = false) {
    list.push_back({std::move(name), &values, std::move(extents), optional});
  };
  const NetworkShape& shape = w.shape;
  const std::size_t gates = 3 * shape.hidden;
  if (shape.projects_tags()) {
    add("tag_projection", w.tag_projection, {shape.tags, shape.projection});
    add("tag_bias", w.tag_bias, {shape.projection});
  }
  if (shape.has_table()) add("text_embedding", w.text_embedding, {shape.terms, shape.embedding});
  if (shape.projects_text()) {
    add("text_projection", w.text_projection, {shape.embedding, shape.projection});
    add("text_bias", w.text_bias, {shape.projection});
  }
  if (shape.encoding == Encoding::kSimilarities) {
    add("session_anchors", w.session_anchors, {shape.projection, shape.anchors});
    add("call_anchors", w.call_anchors, {shape.projection, shape.anchors});
  }
  if (shape.hidden > 0) {
    add("gru_input", w.gru_input, {shape.gru_inputs(), gates});
    add("gru_hidden", w.gru_hidden, {shape.hidden, gates});
    add("gru_input_bias", w.gru_input_bias, {gates});
    add("gru_hidden_bias", w.gru_hidden_bias, {gates});
  }
  if (shape.call_width > 0) {
    add("call_projection", w.call_projection, {shape.embedding, shape.call_width});
    add("call_bias", w.call_bias, {shape.call_width});
  }
  std::size_t width = shape.features();
  for (std::size_t i = 0; i < std::min(w.head.size(), shape.head.size()); ++i) {
    const std::string name = i == 0 ? "head" : "head_" + std::to_string(i + 1);
    add(name, w.head[i].values, {width, shape.head[i]});
    add(name + "_bias", w.head[i].bias, {shape.head[i]});
    width = shape.head[i];
  }
  add("output", w.output, {width, shape.items});
  add("output_bias", w.output_bias, {shape.items});
  if (shape.sums_history()) add("tag_to_items", w.tag_to_items, {shape.tags, shape.items});
  if (shape.reads_terms() && shape.encoding == Encoding::kProjected)
    add("text_to_items", w.text_to_items, {shape.terms, shape.items}, !shape.sums_history());
  if (shape.sums_vectors()) add("vector_to_items", w.vector_to_items, {shape.embedding, shape.items});
  if (shape.imputation == Imputation::kNeutral) {
    add("neutral_call", w.neutral_call, {shape.embedding});
    add("neutral_session", w.neutral_session, {shape.tags});
  }
  if (shape.imputation == Imputation::kGenerated) {
    auto& generator = w.session_generator;
    const std::size_t inner = shape.session_generator;
    add("session_generator_dense", generator.dense.values, {shape.embedding, inner});
    add("session_generator_dense_bias", generator.dense.bias, {inner});
    add("session_generator_gru_input", generator.gru_input, {inner, 3 * inner});
    add("session_generator_gru_hidden", generator.gru_hidden, {inner, 3 * inner});
    add("session_generator_gru_input_bias", generator.gru_input_bias, {3 * inner});
    add("session_generator_gru_hidden_bias", generator.gru_hidden_bias, {3 * inner});
    add("session_generator_output", generator.output.values, {inner, shape.tags});
    add("session_generator_output_bias", generator.output.bias, {shape.tags});
  }
  return list;
}

std::size_t product(const std::vector<std::size_t>& extents) {
  std::size_t count = 1;
  for (const std::size_t extent : extents) count *= extent;
  return count;
}

constexpr const char* kTermBuckets = "term_buckets";
constexpr const char* kCallGenerator = "call_generator";

Result<void> check_buckets(const NetworkWeights& weights) {
  const auto& buckets = weights.term_buckets;
  const bool ascending =
      std::adjacent_find(buckets.begin(), buckets.end(), std::greater_equal<>()) == buckets.end();
  if (buckets.size() == weights.shape.terms && ascending &&
      (buckets.empty() || buckets.back() < weights.shape.buckets))
    return {};
  return internal_error(
      "network: term_buckets must hold one ascending bucket for each row of the text table");
}

}  // namespace

std::vector<TensorExtents> tensor_extents(const NetworkShape& shape) {
  NetworkWeights weights;
  weights.shape = shape;
  weights.head.resize(shape.head.size());
  std::vector<TensorExtents> list;
  for (auto& member : members(weights)) list.push_back({member.name, member.extents, member.optional});
  return list;
}

Result<void> check_sizes(const NetworkWeights& weights) {
  if (weights.head.size() != weights.shape.head.size())
    return internal_error("network: the head has " + std::to_string(weights.head.size()) +
                          " layers, the shape asks for " + std::to_string(weights.shape.head.size()));
  for (const auto& member : members(weights)) {
    const std::size_t size = member.values->size();
    if (size == product(member.extents) || (member.optional && size == 0)) continue;
    return internal_error("network: " + member.name + " has " + std::to_string(size) +
                          " values, the shape asks for " + std::to_string(product(member.extents)));
  }
  if (weights.shape.imputation == Imputation::kGenerated) {
    if (weights.call_generator == nullptr ||
        weights.call_generator->shape != call_generator_shape(weights.shape))
      return internal_error("network: the generator of calls is not the one of the shape");
    EDDY_TRY(check_sizes(*weights.call_generator));
  }
  return check_buckets(weights);
}

NamedTensors to_tensors(const NetworkWeights& weights) {
  NamedTensors tensors;
  for (const auto& member : members(weights)) {
    if (member.optional && member.values->empty()) continue;
    tensors[member.name] = {member.extents, *member.values};
  }
  tensors[kTermBuckets] = {{weights.term_buckets.size()}, weights.term_buckets};
  if (weights.call_generator != nullptr)
    add_part(kCallGenerator, to_tensors(*weights.call_generator), tensors);
  return tensors;
}

Result<NetworkWeights> network_weights(const NetworkShape& shape, NamedTensors tensors) {
  NetworkWeights weights;
  weights.shape = shape;
  weights.head.resize(shape.head.size());
  for (auto& member : members(weights)) {
    const auto found = tensors.find(member.name);
    if (found == tensors.end() && member.optional) continue;
    if (found == tensors.end()) return user_error("the weights lack the tensor " + member.name);
    auto* values = std::get_if<std::vector<float>>(&found->second.values);
    if (values == nullptr || found->second.shape != member.extents) {
      return user_error("the tensor " + member.name + " does not have the shape that the manifest says");
    }
    if (!std::all_of(values->begin(), values->end(), [](float value) { return std::isfinite(value); }))
      return user_error("the tensor " + member.name + " holds an infinite value, or one that is no number");
    *member.values = std::move(*values);
  }
  const auto buckets = tensors.find(kTermBuckets);
  if (buckets == tensors.end() ||
      !std::holds_alternative<std::vector<std::uint32_t>>(buckets->second.values)) {
    return user_error(std::string("the weights lack the tensor ") + kTermBuckets);
  }
  weights.term_buckets = std::get<std::vector<std::uint32_t>>(std::move(buckets->second.values));
  if (shape.imputation == Imputation::kGenerated) {
    EDDY_ASSIGN(NetworkWeights generator,
                network_weights(call_generator_shape(shape), take_part(kCallGenerator, tensors)));
    weights.call_generator = std::make_shared<const NetworkWeights>(std::move(generator));
  }
  if (auto checked = check_sizes(weights); !checked) return user_error(std::move(checked).error().message);
  return weights;
}

}  // namespace eddy
