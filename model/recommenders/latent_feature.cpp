#include "model/recommenders/latent_feature.h"

#include <utility>

#include "model/recommenders/latent_feature_forward.h"
#include "model/recommenders/latent_feature_network.h"
#include "model/recommenders/latent_feature_refresh.h"

namespace eddy {
namespace {

class LatentFeatureRecommender final : public Recommender {
 public:
  explicit LatentFeatureRecommender(std::shared_ptr<const LatentFeatureNetwork> network)
      : network_(std::move(network)), refresh_(network_) {}

  Result<void> refresh(std::span<const RefreshRequest> requests) override {
    try {
      refresh_.run(requests);
      return {};
    } catch (const std::exception& error) {
      for (const auto& request : requests) request.cache->reset();  // some may be half written
      return internal_error(std::string("latent feature, refresh: ") + error.what());
    }
  }

  Result<void> score(std::span<const Facts* const> users, float* scores) override {
    return latent_feature_forward(*network_, users, scores);
  }

  [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override {
    return network_->catalogue.model();
  }

 private:
  const std::shared_ptr<const LatentFeatureNetwork> network_;
  LatentFeatureRefresh refresh_;
};

class LatentFeatureModel final : public RecommenderModel {
 public:
  explicit LatentFeatureModel(std::shared_ptr<const LatentFeatureNetwork> network)
      : network_(std::move(network)) {}
  [[nodiscard]] const std::shared_ptr<const ScoredModel>& scored_model() const override {
    return network_->catalogue.model();
  }
  [[nodiscard]] std::unique_ptr<Recommender> make_recommender() const override {
    return std::make_unique<LatentFeatureRecommender>(network_);
  }

 private:
  const std::shared_ptr<const LatentFeatureNetwork> network_;
};

}  // namespace

Result<std::shared_ptr<const RecommenderModel>> make_latent_feature(std::string name,
                                                                    std::vector<std::string> tags,
                                                                    std::vector<ItemId> items,
                                                                    LatentFeatureWeights weights) {
  if (auto checked = check_sizes(weights); !checked) return user_error(std::move(checked).error().message);
  if (weights.shape.tags != tags.size() || weights.shape.items != items.size()) {
    return user_error("latent feature: the weights are for " + std::to_string(weights.shape.tags) +
                      " tags and " + std::to_string(weights.shape.items) + " items, the bundle has " +
                      std::to_string(tags.size()) + " and " + std::to_string(items.size()));
  }
  auto network = std::make_shared<const LatentFeatureNetwork>(std::move(name), std::move(tags),
                                                              std::move(items), std::move(weights));
  return std::shared_ptr<const RecommenderModel>(std::make_shared<LatentFeatureModel>(std::move(network)));
}

Result<std::shared_ptr<const RecommenderModel>> load_latent_feature(ModelParts parts) {
  EDDY_ASSIGN(const LatentFeatureShape shape, parse_latent_feature_shape(parts.options));
  EDDY_ASSIGN(auto weights, latent_feature_weights(shape, std::move(parts.tensors)));
  return make_latent_feature(std::move(parts.name), std::move(parts.tags), std::move(parts.items),
                             std::move(weights));
}

}  // namespace eddy
