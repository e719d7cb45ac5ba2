#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/recommenders/latent_feature.h"

namespace eddy {

/// Weights that nobody trained, of about the sizes that training gives, so that gates are neither shut nor
/// open.
class RandomLatentFeature {
 public:
  /// `share_of_buckets` have a row in the text table.
  RandomLatentFeature(LatentFeatureShape shape, std::uint64_t seed, bool linear_path = true,
                      double share_of_buckets = 0.7)
      : random_(seed) {
    std::bernoulli_distribution kept(share_of_buckets);
    for (std::uint32_t bucket = 0; bucket < shape.buckets; ++bucket) {
      if (kept(random_)) weights_.term_buckets.push_back(bucket);
    }
    shape.terms = weights_.term_buckets.size();
    weights_.shape = shape;
    const std::size_t gates = 3 * shape.hidden;
    weights_.tag_projection = draw(shape.tags * shape.projection, 0.5);
    weights_.tag_bias = draw(shape.projection, 0.5);
    weights_.text_embedding = draw(shape.terms * shape.embedding, 1.0);
    weights_.text_projection = draw(shape.embedding * shape.projection, 0.5);
    weights_.text_bias = draw(shape.projection, 0.5);
    weights_.gru_input = draw((shape.projection + 1) * gates, 2.0 / std::sqrt(shape.projection));
    weights_.gru_hidden = draw(shape.hidden * gates, 2.0 / std::sqrt(shape.hidden));
    weights_.gru_input_bias = draw(gates, 0.5);
    weights_.gru_hidden_bias = draw(gates, 0.5);
    weights_.head = draw(shape.hidden * shape.hidden, 2.0 / std::sqrt(shape.hidden));
    weights_.head_bias = draw(shape.hidden, 0.5);
    weights_.output = draw(shape.hidden * shape.items, 2.0 / std::sqrt(shape.hidden));
    weights_.output_bias = draw(shape.items, 0.5);
    if (linear_path) weights_.text_to_items = draw(shape.terms * shape.items, 2.0);
  }

  [[nodiscard]] const LatentFeatureWeights& weights() const { return weights_; }

  /// Tags "tag-0", … and items "item-0", ….
  [[nodiscard]] std::shared_ptr<const RecommenderModel> model(const std::string& name = "random@1") const {
    return make_latent_feature(name, tags(), items(), weights_).value();
  }
  [[nodiscard]] std::vector<std::string> tags() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < weights_.shape.tags; ++i) names.push_back("tag-" + std::to_string(i));
    return names;
  }
  [[nodiscard]] std::vector<ItemId> items() const {
    std::vector<ItemId> ids;
    for (std::size_t i = 0; i < weights_.shape.items; ++i) ids.emplace_back("item-" + std::to_string(i));
    return ids;
  }

 private:
  std::vector<float> draw(std::size_t count, double spread) {
    std::normal_distribution<float> values(0.0F, static_cast<float>(spread / 2));
    std::vector<float> drawn(count);
    for (float& value : drawn) value = values(random_);
    return drawn;
  }

  std::mt19937_64 random_;
  LatentFeatureWeights weights_;
};

/// Odd sizes, so that vector loops have remainders; small, so that tests are quick.
inline LatentFeatureShape small_latent_feature_shape() {
  LatentFeatureShape shape;
  shape.tags = 9;
  shape.items = 7;
  shape.embedding = 10;
  shape.projection = 13;
  shape.hidden = 21;
  shape.buckets = 101;
  return shape;
}

}  // namespace eddy
