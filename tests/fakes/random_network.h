#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/recommenders/network_recommender.h"

namespace eddy {

/// Weights that nobody trained, of about the sizes that training gives, so that gates are neither shut nor
/// open.
class RandomNetwork {
 public:
  /// `share_of_buckets` have a row in the text tables.
  RandomNetwork(NetworkShape shape, std::uint64_t seed, bool linear_path = true,
                double share_of_buckets = 0.7)
      : random_(seed) {
    std::bernoulli_distribution kept(share_of_buckets);
    std::vector<std::uint32_t> buckets;
    for (std::uint32_t bucket = 0; shape.reads_terms() && bucket < shape.buckets; ++bucket) {
      if (kept(random_)) buckets.push_back(bucket);
    }
    shape.terms = buckets.size();
    NamedTensors tensors;
    for (const TensorExtents& tensor : tensor_extents(shape)) {
      if (tensor.optional && !linear_path) continue;
      std::size_t count = 1;
      for (const std::size_t extent : tensor.extents) count *= extent;
      tensors[tensor.name] = {tensor.extents, draw(count, spread_of(tensor))};
    }
    if (shape.imputation == Imputation::kNeutral)
      for (float& tag : std::get<std::vector<float>>(tensors["neutral_session"].values))
        tag = tag > 0 ? 1 : 0;
    if (shape.imputation == Imputation::kGenerated)
      add_part("call_generator", to_tensors(RandomNetwork(call_generator_shape(shape), seed + 1).weights()),
               tensors);
    tensors["term_buckets"] = {{buckets.size()}, buckets};
    weights_ = network_weights(shape, std::move(tensors)).value();
  }

  [[nodiscard]] const NetworkWeights& weights() const { return weights_; }

  [[nodiscard]] std::shared_ptr<const RecommenderModel> model(const std::string& name = "random@1") const {
    return make_network_model(name, tags(), items(), weights_).value();
  }
  /// "tag-0", …; where calls are read by their keywords, the last five are "keyword-0", ….
  [[nodiscard]] std::vector<std::string> tags() const {
    const NetworkShape& shape = weights_.shape;
    const bool has_keywords = shape.encoding == Encoding::kMultiHot && shape.reads_calls;
    const std::size_t keywords = has_keywords ? 5 : 0;
    std::vector<std::string> names;
    for (std::size_t i = 0; i + keywords < shape.tags; ++i) names.push_back("tag-" + std::to_string(i));
    for (std::size_t i = 0; i < keywords; ++i) names.push_back("keyword-" + std::to_string(i));
    return names;
  }
  /// "item-0", ….
  [[nodiscard]] std::vector<ItemId> items() const {
    std::vector<ItemId> ids;
    for (std::size_t i = 0; i < weights_.shape.items; ++i) ids.emplace_back("item-" + std::to_string(i));
    return ids;
  }

 private:
  static double spread_of(const TensorExtents& tensor) {
    if (tensor.extents.size() == 1 || tensor.name.ends_with("_projection")) return 0.5;
    if (tensor.name == "text_embedding") return 1.0;
    if (tensor.name == "text_to_items") return 2.0;
    return 2.0 / std::sqrt(static_cast<double>(tensor.extents.front()));
  }

  std::vector<float> draw(std::size_t count, double spread) {
    std::normal_distribution<float> values(0.0F, static_cast<float>(spread / 2));
    std::vector<float> drawn(count);
    for (float& value : drawn) value = values(random_);
    return drawn;
  }

  std::mt19937_64 random_;
  NetworkWeights weights_;
};

}  // namespace eddy
