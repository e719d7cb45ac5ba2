#include "operators/refresh/prequential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <thread>

#include "base/metric.h"
#include "fakes/counting_bundle.h"

namespace eddy {
namespace {

using testing::HasSubstr;

ServedModel served(const std::string& arm, const std::string& name, std::uint64_t version = 0) {
  auto bundle = std::make_shared<CountingBundle>(6, name);
  return {arm, bundle, std::make_shared<const Catalogue>(bundle->model()), version};
}

Purchase bought(const std::vector<int>& items) {
  Purchase purchase;
  for (const int item : items) purchase.items.emplace_back("item-" + std::to_string(item));
  return purchase;
}

const std::vector<ScoredItem> kRanked = {{3, .9F}, {1, .8F}, {0, .7F}, {2, .6F}, {4, .5F}};

TEST(Prequential, measures_what_was_predicted) {
  Prequential prequential(10);
  const ServedModel model = served("default", "m@1");
  prequential.add(model, kRanked, bought({3}), nullptr);
  prequential.add(model, kRanked, bought({0, 4, 4}), nullptr);
  prequential.add(model, kRanked, bought({77}), nullptr);  // what the model cannot offer counts as missed
  const auto rows = prequential.rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].model, "m@1");
  EXPECT_EQ(rows[0].all.examples, 3U);
  EXPECT_DOUBLE_EQ(rows[0].all.hit_rate[0], 1.0 / 3);
  EXPECT_DOUBLE_EQ(rows[0].all.hit_rate[2], 2.0 / 3);
  EXPECT_DOUBLE_EQ(rows[0].all.mean_average_precision[2], (1 + 1.0 / 3 / 2) / 3);
  EXPECT_DOUBLE_EQ(rows[0].all.mean_average_precision[4], (1 + (1.0 / 3 + 2.0 / 5) / 2) / 3);
  EXPECT_DOUBLE_EQ(rows[0].window.hit_rate[2], 2.0 / 3);
}

TEST(Prequential, the_window_has_the_latest_purchases) {
  constexpr std::size_t kWindow = 7;
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Prequential prequential(kWindow);
  const ServedModel model = served("default", "m@1");
  std::vector<Purchase> purchases;
  for (int i = 0; i < 100; ++i) {
    purchases.push_back(bought({static_cast<int>(random() % 8), static_cast<int>(random() % 8)}));
    prequential.add(model, kRanked, purchases.back(), nullptr);
    Prequential alone(kWindow);
    for (std::size_t j = purchases.size() - std::min(kWindow, purchases.size()); j < purchases.size(); ++j)
      alone.add(model, kRanked, purchases[j], nullptr);
    const RankingMeasures window = prequential.rows()[0].window;
    const RankingMeasures expected = alone.rows()[0].all;
    ASSERT_EQ(window.examples, expected.examples);
    for (std::size_t k = 0; k < kMaxRank; ++k) {
      ASSERT_NEAR(window.hit_rate[k], expected.hit_rate[k], 1e-12);
      ASSERT_NEAR(window.mean_average_precision[k], expected.mean_average_precision[k], 1e-12);
    }
  }
}

TEST(Prequential, metrics_are_per_arm_and_model) {
  MetricRegistry metrics;
  Prequential prequential(10);
  prequential.add(served("a", "old@1"), kRanked, bought({1}), &metrics);
  prequential.add(served("a", "old@1"), kRanked, bought({5}), &metrics);
  prequential.add(served("b", "other@1"), kRanked, bought({3}), &metrics);
  const MetricLabels old_at_3 = {{"arm", "a"}, {"model", "old@1"}, {"k", "3"}};
  EXPECT_EQ(
      metrics.counter("eddy_prequential_purchases_total", "", {{"arm", "a"}, {"model", "old@1"}}).value(), 2);
  EXPECT_EQ(metrics.counter("eddy_prequential_hits_total", "", old_at_3).value(), 1);
  EXPECT_EQ(metrics.counter("eddy_prequential_average_precision_total", "", old_at_3).value(), 0.5);
  EXPECT_EQ(metrics.gauge("eddy_prequential_hit_rate", "", old_at_3).value(), 0.5);
  EXPECT_EQ(metrics.gauge("eddy_prequential_mean_average_precision", "", old_at_3).value(), 0.25);
}

TEST(Prequential, a_replaced_model_keeps_its_counts_and_loses_its_window) {
  MetricRegistry metrics;
  Prequential prequential(10);
  prequential.add(served("a", "old@1", 0), kRanked, bought({3}), &metrics);
  prequential.add(served("a", "new@1", 1), kRanked, bought({3}), &metrics);
  prequential.add(served("a", "old@1", 0), kRanked, bought({3}), &metrics);  // a shard that was slower
  const MetricLabels old_at_1 = {{"arm", "a"}, {"model", "old@1"}, {"k", "1"}};
  const MetricLabels new_at_1 = {{"arm", "a"}, {"model", "new@1"}, {"k", "1"}};
  EXPECT_EQ(metrics.counter("eddy_prequential_hits_total", "", old_at_1).value(), 2);
  EXPECT_TRUE(std::isnan(metrics.gauge("eddy_prequential_hit_rate", "", old_at_1).value()));
  EXPECT_EQ(metrics.gauge("eddy_prequential_hit_rate", "", new_at_1).value(), 1);
  ASSERT_EQ(prequential.rows().size(), 2U);
  EXPECT_EQ(prequential.rows()[0].model, "old@1");
}

TEST(Prequential, shards_add_at_the_same_time) {
  MetricRegistry metrics;
  Prequential prequential(100);
  const ServedModel model = served("default", "m@1");
  std::vector<std::thread> shards;
  for (int shard = 0; shard < 4; ++shard)
    shards.emplace_back([&] {
      for (int i = 0; i < 500; ++i) prequential.add(model, kRanked, bought({i % 6}), &metrics);
    });
  for (std::thread& shard : shards) shard.join();
  EXPECT_EQ(prequential.rows()[0].all.examples, 2000U);
  EXPECT_EQ(prequential.rows()[0].window.examples, 100U);
}

}  // namespace
}  // namespace eddy
