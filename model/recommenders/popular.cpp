#include "model/recommenders/popular.h"

#include <algorithm>
#include <utility>

#include "model/catalogue.h"

namespace eddy {
namespace {

constexpr const char* kItemShares = "item_shares";

/// Immutable after construction.
struct PopularItems {
  Catalogue catalogue;
  std::vector<float> shares;
};

class PopularRecommender final : public Recommender {
 public:
  explicit PopularRecommender(std::shared_ptr<const PopularItems> items) : items_(std::move(items)) {}

  Result<void> refresh(std::span<const RefreshRequest> requests) override {
    for (const auto& request : requests) write(*request.facts, request.scores);
    return {};
  }

  Result<void> score(std::span<const Facts* const> users, float* scores) override {
    for (const Facts* facts : users) {
      write(*facts, scores);
      scores += items_->shares.size();
    }
    return {};
  }

  [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override {
    return items_->catalogue.model();
  }

 private:
  void write(const Facts& facts, float* scores) const {
    std::copy(items_->shares.begin(), items_->shares.end(), scores);
    items_->catalogue.mask(facts, scores);
  }

  const std::shared_ptr<const PopularItems> items_;
};

class PopularModel final : public RecommenderModel {
 public:
  explicit PopularModel(std::shared_ptr<const PopularItems> items) : items_(std::move(items)) {}
  [[nodiscard]] const std::shared_ptr<const ScoredModel>& scored_model() const override {
    return items_->catalogue.model();
  }
  [[nodiscard]] std::unique_ptr<Recommender> make_recommender() const override {
    return std::make_unique<PopularRecommender>(items_);
  }

 private:
  const std::shared_ptr<const PopularItems> items_;
};

}  // namespace

NamedTensors popular_tensors(std::span<const float> item_shares) {
  return {{kItemShares, {{item_shares.size()}, std::vector<float>(item_shares.begin(), item_shares.end())}}};
}

Result<std::shared_ptr<const RecommenderModel>> load_popular(ModelParts parts) {
  const auto found = parts.tensors.find(kItemShares);
  if (found == parts.tensors.end()) return user_error("the weights lack the tensor item_shares");
  auto* shares = std::get_if<std::vector<float>>(&found->second.values);
  if (shares == nullptr || shares->size() != parts.items.size()) {
    return user_error("item_shares must hold one number for each item of the catalogue");
  }
  auto scored =
      std::make_shared<const ScoredModel>(ScoredModel{std::move(parts.name), std::move(parts.items)});
  auto items =
      std::make_shared<const PopularItems>(PopularItems{Catalogue(std::move(scored)), std::move(*shares)});
  return std::shared_ptr<const RecommenderModel>(std::make_shared<PopularModel>(std::move(items)));
}

}  // namespace eddy
