#include "simulate/need_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace eddy {
namespace {

constexpr std::size_t kPurchases = 200'000;

TEST(NeedModel, items_are_as_popular_as_published) {
  const NeedModel needs;
  Random random(11);
  PerItemShares counts{};
  std::size_t items = 0;
  std::size_t single = 0;
  for (std::size_t i = 0; i < kPurchases; ++i) {
    const ItemIndex need = needs.draw_need(random);
    const std::vector<ItemIndex> bought = needs.draw_items(need, random);
    ASSERT_TRUE(std::binary_search(bought.begin(), bought.end(), need));
    ASSERT_EQ(std::adjacent_find(bought.begin(), bought.end()), bought.end()) << "an item twice";
    for (const ItemIndex item : bought) counts[item] += 1;
    items += bought.size();
    single += bought.size() == 1 ? 1 : 0;
  }
  for (std::size_t item = 0; item < published::kItems; ++item) {
    EXPECT_NEAR(counts[item] / kPurchases, published::kPopularity[item] / 1e6, 0.004) << "item " << item;
    EXPECT_NEAR(needs.popularity()[item], published::kPopularity[item] / 1e6, 0.002) << "item " << item;
  }
  // 93,006 items in 62,401 purchases, of which 45,325 hold one.
  EXPECT_NEAR(static_cast<double>(items) / kPurchases, 93006.0 / 62401, 0.01);
  EXPECT_NEAR(static_cast<double>(single) / kPurchases, 45325.0 / 62401, 0.005);
}

TEST(NeedModel, drawn_items_have_the_stated_relevance) {
  const NeedModel needs;
  Random random(12);
  for (const ItemIndex need : {ItemIndex{1}, ItemIndex{15}, ItemIndex{17}}) {
    PerItemShares counts{};
    for (std::size_t i = 0; i < kPurchases; ++i) {
      for (const ItemIndex item : needs.draw_items(need, random)) counts[item] += 1.0 / kPurchases;
    }
    for (std::size_t item = 0; item < published::kItems; ++item) {
      EXPECT_NEAR(counts[item], needs.relevance(need)[item], 0.006)
          << "need " << int{need} << " item " << item;
    }
  }
}

TEST(NeedModel, chances_of_further_items_add_up_and_are_never_above_one) {
  published::PerItem weights{};
  weights[2] = 1'000'000;
  weights[3] = 10;
  weights[4] = 10;
  weights[9] = 20;
  for (std::size_t count = 0; count <= 4; ++count) {
    const PerItemShares chances = further_item_chances(weights, count);
    EXPECT_NEAR(std::accumulate(chances.begin(), chances.end(), 0.0), static_cast<double>(count), 1e-9);
    for (const double chance : chances) {
      EXPECT_GE(chance, 0.0);
      EXPECT_LE(chance, 1.0);
    }
  }
  EXPECT_NEAR(further_item_chances(weights, 2)[2], 1.0, 1e-9);
  EXPECT_NEAR(further_item_chances(weights, 3)[9], 1.0, 1e-9);
}

TEST(NeedModel, counts_given_purchases) {
  const std::vector<std::vector<ItemIndex>> purchases = {{0, 1}, {0}, {2}, {1, 2}};
  const NeedModel needs(purchases);
  EXPECT_DOUBLE_EQ(needs.prior()[0], 1.5 / 4);
  EXPECT_DOUBLE_EQ(needs.prior()[1], 1.0 / 4);
  EXPECT_DOUBLE_EQ(needs.relevance(0)[0], 1.0);
  EXPECT_DOUBLE_EQ(needs.relevance(0)[1], 0.5 / 1.5);
  EXPECT_DOUBLE_EQ(needs.relevance(1)[2], 0.5);
  EXPECT_DOUBLE_EQ(needs.popularity()[1], 0.5);
}

}  // namespace
}  // namespace eddy
