#include "model/recommenders/network_recommender.h"

#include <cmath>
#include <utility>

#include "model/recommenders/float_kernels.h"
#include "model/recommenders/network_forward.h"
#include "model/recommenders/network_refresh.h"
#include "state/profile/prefetch.h"

namespace eddy {
namespace {

class NetworkRecommender final : public Recommender {
 public:
  explicit NetworkRecommender(ServedNetwork served)
      : served_(std::move(served)), refresh_(served_.network), zeros_(served_.catalogue->size(), 0.0F) {}

  Result<void> refresh(std::span<const RefreshRequest> requests) override {
    try {
      users_.clear();
      for (std::size_t i = 0; i < requests.size(); ++i) {
        if (i + kProfilesAhead < requests.size())
          __builtin_prefetch(requests[i + kProfilesAhead].cache->get());
        users_.push_back({requests[i].facts, cache_of(requests[i]), requests[i].scores});
      }
      refresh_.run(users_);
    } catch (const std::exception& error) {
      for (const auto& request : requests) request.cache->reset();  // some may be half written
      return internal_error(std::string("refresh: ") + error.what(), model()->name);
    }
    for (const auto& request : requests) {
      sigmoid_of_sum(zeros_.size(), zeros_.data(), request.scores);
      served_.catalogue->mask(*request.facts, request.scores);
    }
    return {};
  }

  Result<void> score(std::span<const Facts* const> users, float* scores) override {
    EDDY_TRY(network_forward(*served_.network, users, scores));
    for (const Facts* user : users) {
      for (std::size_t i = 0; i < zeros_.size(); ++i) scores[i] = 1.0F / (1.0F + std::exp(-scores[i]));
      served_.catalogue->mask(*user, scores);
      scores += zeros_.size();
    }
    return {};
  }

  [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override {
    return served_.catalogue->model();
  }

 private:
  NetworkCache* cache_of(const RefreshRequest& request) const {
    auto* cache = dynamic_cast<NetworkCache*>(request.cache->get());
    if (cache != nullptr && cache->network() == served_.network->identity) return cache;
    auto fresh = std::make_unique<NetworkCache>(served_.network->identity);
    cache = fresh.get();
    *request.cache = std::move(fresh);
    return cache;
  }

  const ServedNetwork served_;
  NetworkRefresh refresh_;
  const std::vector<float> zeros_;  // [I]
  std::vector<NetworkRefresh::User> users_;
};

class NetworkModel final : public RecommenderModel {
 public:
  explicit NetworkModel(ServedNetwork served) : served_(std::move(served)) {}
  [[nodiscard]] const std::shared_ptr<const ScoredModel>& scored_model() const override {
    return served_.catalogue->model();
  }
  [[nodiscard]] std::unique_ptr<Recommender> make_recommender() const override {
    return eddy::make_recommender(served_);
  }

 private:
  const ServedNetwork served_;
};

}  // namespace

Result<ServedNetwork> serve_network(std::string_view name, std::shared_ptr<const Catalogue> catalogue,
                                    std::shared_ptr<const Vocabulary> vocabulary, NetworkWeights weights) {
  if (auto checked = check_sizes(weights); !checked) return user_error(std::move(checked).error().message);
  if (weights.shape.tags != vocabulary->size() || weights.shape.items != catalogue->size()) {
    return user_error("the weights are for " + std::to_string(weights.shape.tags) + " tags and " +
                      std::to_string(weights.shape.items) + " items, the bundle has " +
                      std::to_string(vocabulary->size()) + " and " + std::to_string(catalogue->size()));
  }
  return ServedNetwork{std::move(catalogue),
                       std::make_shared<const Network>(name, std::move(vocabulary), std::move(weights))};
}

std::unique_ptr<Recommender> make_recommender(const ServedNetwork& served) {
  return std::make_unique<NetworkRecommender>(served);
}

Result<std::shared_ptr<const RecommenderModel>> make_network_model(std::string name,
                                                                   std::vector<std::string> tags,
                                                                   std::vector<ItemId> items,
                                                                   NetworkWeights weights) {
  auto catalogue = std::make_shared<const Catalogue>(
      std::make_shared<const ScoredModel>(ScoredModel{std::move(name), std::move(items)}));
  auto vocabulary = std::make_shared<const Vocabulary>(std::move(tags));
  const std::string& identity = catalogue->model()->name;
  EDDY_ASSIGN(auto served, serve_network(identity, catalogue, std::move(vocabulary), std::move(weights)));
  return std::shared_ptr<const RecommenderModel>(std::make_shared<NetworkModel>(std::move(served)));
}

Result<std::shared_ptr<const RecommenderModel>> load_network_model(ModelParts parts) {
  EDDY_ASSIGN(const NetworkShape shape, parse_network_shape(parts.options));
  EDDY_ASSIGN(auto weights, network_weights(shape, std::move(parts.tensors)));
  return make_network_model(std::move(parts.name), std::move(parts.tags), std::move(parts.items),
                            std::move(weights));
}

}  // namespace eddy
