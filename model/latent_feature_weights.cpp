#include "model/latent_feature_weights.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace eddy {
namespace {

// One row per float member: its name in the file, the member, its extents. The single list that encoding,
// decoding and checking share.
struct Member {
  const char* name;
  std::vector<float> LatentFeatureWeights::*values;
  std::vector<std::size_t> extents;
  bool optional = false;
};

std::vector<Member> members(const LatentFeatureShape& shape) {
  using W = LatentFeatureWeights;
  const std::size_t gates = 3 * shape.hidden;
  return {{"tag_projection", &W::tag_projection, {shape.tags, shape.projection}},
          {"tag_bias", &W::tag_bias, {shape.projection}},
          {"text_embedding", &W::text_embedding, {shape.terms, shape.embedding}},
          {"text_projection", &W::text_projection, {shape.embedding, shape.projection}},
          {"text_bias", &W::text_bias, {shape.projection}},
          {"gru_input", &W::gru_input, {shape.projection + 1, gates}},
          {"gru_hidden", &W::gru_hidden, {shape.hidden, gates}},
          {"gru_input_bias", &W::gru_input_bias, {gates}},
          {"gru_hidden_bias", &W::gru_hidden_bias, {gates}},
          {"head", &W::head, {shape.hidden, shape.hidden}},
          {"head_bias", &W::head_bias, {shape.hidden}},
          {"output", &W::output, {shape.hidden, shape.items}},
          {"output_bias", &W::output_bias, {shape.items}},
          {"text_to_items", &W::text_to_items, {shape.terms, shape.items}, true}};
}

std::size_t product(const std::vector<std::size_t>& extents) {
  std::size_t count = 1;
  for (const std::size_t extent : extents) count *= extent;
  return count;
}

constexpr const char* kTermBuckets = "term_buckets";

}  // namespace

Result<void> check_sizes(const LatentFeatureWeights& weights) {
  const auto& shape = weights.shape;
  for (const auto& member : members(shape)) {
    const std::size_t size = (weights.*member.values).size();
    if (size == product(member.extents) || (member.optional && size == 0)) continue;
    return internal_error(std::string("latent feature: ") + member.name + " has " + std::to_string(size) +
                          " values, the shape asks for " + std::to_string(product(member.extents)));
  }
  const auto& buckets = weights.term_buckets;
  const bool ascending =
      std::adjacent_find(buckets.begin(), buckets.end(), std::greater_equal<>()) == buckets.end();
  if (buckets.size() != shape.terms || !ascending || (!buckets.empty() && buckets.back() >= shape.buckets)) {
    return internal_error(
        "latent feature: term_buckets must hold one ascending bucket for each row of the text table");
  }
  return {};
}

NamedTensors to_tensors(const LatentFeatureWeights& weights) {
  NamedTensors tensors;
  for (const auto& member : members(weights.shape)) {
    const auto& values = weights.*member.values;
    if (member.optional && values.empty()) continue;
    tensors[member.name] = {member.extents, values};
  }
  tensors[kTermBuckets] = {{weights.term_buckets.size()}, weights.term_buckets};
  return tensors;
}

Result<LatentFeatureWeights> latent_feature_weights(const LatentFeatureShape& shape, NamedTensors tensors) {
  LatentFeatureWeights weights;
  weights.shape = shape;
  for (const auto& member : members(shape)) {
    const auto found = tensors.find(member.name);
    if (found == tensors.end() && member.optional) continue;
    if (found == tensors.end()) return user_error(std::string("the weights lack the tensor ") + member.name);
    auto* values = std::get_if<std::vector<float>>(&found->second.values);
    if (values == nullptr || found->second.shape != member.extents) {
      return user_error(std::string("the tensor ") + member.name +
                        " does not have the shape that the manifest says");
    }
    weights.*member.values = std::move(*values);
  }
  const auto buckets = tensors.find(kTermBuckets);
  if (buckets == tensors.end() ||
      !std::holds_alternative<std::vector<std::uint32_t>>(buckets->second.values)) {
    return user_error(std::string("the weights lack the tensor ") + kTermBuckets);
  }
  weights.term_buckets = std::get<std::vector<std::uint32_t>>(std::move(buckets->second.values));
  if (auto checked = check_sizes(weights); !checked) return user_error(std::move(checked).error().message);
  return weights;
}

std::string to_json(const LatentFeatureShape& shape) {
  const nlohmann::ordered_json json = {{"tags", shape.tags},
                                       {"terms", shape.terms},
                                       {"items", shape.items},
                                       {"embedding", shape.embedding},
                                       {"projection", shape.projection},
                                       {"hidden", shape.hidden},
                                       {"buckets", shape.buckets},
                                       {"max_ngram", shape.max_ngram},
                                       {"customer_only", shape.customer_only},
                                       {"max_interactions", shape.max_interactions}};
  return json.dump();
}

Result<LatentFeatureShape> parse_latent_feature_shape(const std::string& json) {
  try {
    const auto parsed = nlohmann::json::parse(json);
    LatentFeatureShape shape;
    parsed.at("tags").get_to(shape.tags);
    parsed.at("terms").get_to(shape.terms);
    parsed.at("items").get_to(shape.items);
    parsed.at("embedding").get_to(shape.embedding);
    parsed.at("projection").get_to(shape.projection);
    parsed.at("hidden").get_to(shape.hidden);
    parsed.at("buckets").get_to(shape.buckets);
    parsed.at("max_ngram").get_to(shape.max_ngram);
    parsed.at("customer_only").get_to(shape.customer_only);
    parsed.at("max_interactions").get_to(shape.max_interactions);
    // Sizes beyond these come from a damaged file, and their products could overflow.
    constexpr std::size_t kLargest = 1U << 28U;
    for (const std::size_t size :
         {shape.items, shape.embedding, shape.projection, shape.hidden, std::size_t{shape.buckets},
          std::size_t{shape.max_ngram}, std::size_t{shape.max_interactions}}) {
      if (size == 0 || size > kLargest) return user_error("latent feature options: a size is 0 or too large");
    }
    if (shape.tags > kLargest || shape.terms > shape.buckets) {
      return user_error("latent feature options: more tags or terms than there can be");
    }
    return shape;
  } catch (const nlohmann::json::exception& error) {
    return user_error(std::string("latent feature options: ") + error.what());
  }
}

}  // namespace eddy
