#include "contract/recommender_contract.h"
#include "fakes/random_latent_feature.h"
#include "model/recommenders/popular.h"

namespace eddy {
namespace {

std::shared_ptr<const RecommenderModel> make_latent_feature_under_test() {
  return RandomLatentFeature(small_latent_feature_shape(), 21).model();
}

std::shared_ptr<const RecommenderModel> make_popular_under_test() {
  ModelParts parts;
  parts.name = "popular@1";
  parts.items = {ItemId("item-0"), ItemId("item-1"), ItemId("item-2")};
  parts.tensors = popular_tensors(std::vector<float>{0.5F, 0.3F, 0.2F});
  return load_popular(std::move(parts)).value();
}

INSTANTIATE_TEST_SUITE_P(LatentFeature, RecommenderContract,
                         testing::Values(&make_latent_feature_under_test));
INSTANTIATE_TEST_SUITE_P(Popular, RecommenderContract, testing::Values(&make_popular_under_test));

}  // namespace
}  // namespace eddy
