#include "contract/recommender_contract.h"
#include "fakes/random_models.h"
#include "model/recommenders/popular.h"

namespace eddy {
namespace {

constexpr std::uint64_t kSeed = 21;

template <std::size_t kKind>
std::shared_ptr<const RecommenderModel> make_random_under_test() {
  return random_model(kRandomKinds[kKind], kSeed);
}

template <std::size_t kKind>
std::shared_ptr<const RecommenderModel> make_encoded_under_test() {
  return random_model(kRandomTextKinds[kKind], kSeed, small_encoded_shape);
}

std::shared_ptr<const RecommenderModel> make_popular_under_test() {
  ModelParts parts;
  parts.name = "popular@1";
  parts.items = {ItemId("item-0"), ItemId("item-1"), ItemId("item-2")};
  parts.tensors = popular_tensors(std::vector<float>{0.5F, 0.3F, 0.2F});
  return load_popular(std::move(parts)).value();
}

template <std::size_t... kKinds>
std::vector<MakeModelUnderTest> random_kinds(std::index_sequence<kKinds...>) {
  return {&make_random_under_test<kKinds>...};
}

template <std::size_t... kKinds>
std::vector<MakeModelUnderTest> encoded_kinds(std::index_sequence<kKinds...>) {
  return {&make_encoded_under_test<kKinds>...};
}

INSTANTIATE_TEST_SUITE_P(OfNetworks, RecommenderContract,
                         testing::ValuesIn(random_kinds(std::make_index_sequence<kRandomKinds.size()>())),
                         [](const auto& test) { return with_underscores(kRandomKinds[test.index]); });
INSTANTIATE_TEST_SUITE_P(
    OfNetworksWithTextEncoder, RecommenderContract,
    testing::ValuesIn(encoded_kinds(std::make_index_sequence<kRandomTextKinds.size()>())),
    [](const auto& test) { return with_underscores(kRandomTextKinds[test.index]); });
INSTANTIATE_TEST_SUITE_P(Popular, RecommenderContract, testing::Values(&make_popular_under_test));

}  // namespace
}  // namespace eddy
