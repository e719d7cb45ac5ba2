#include "model/recommender_list.h"

#include <array>

#include "model/recommenders/latent_feature.h"
#include "model/recommenders/popular.h"

namespace eddy {

std::span<const RecommenderKind> recommender_list() {
  static constexpr std::array kList{
      RecommenderKind{"latent-feature", load_latent_feature},
      RecommenderKind{"popular", load_popular},
  };
  return kList;
}

const RecommenderKind* find_recommender(std::string_view name) {
  for (const auto& kind : recommender_list()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace eddy
