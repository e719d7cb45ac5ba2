#include "model/training/recent_prior.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "event_makers.h"
#include "model/training/model_trainer.h"

namespace eddy {
namespace {

using testing::Each;
using testing::FloatNear;

/// Examples that bought one item each, in order of time.
EncodedExamples bought(const std::vector<std::uint32_t>& items, std::size_t count) {
  EncodedExamples examples;
  examples.items = count;
  for (const std::uint32_t item : items) {
    EncodedExamples::Example example;
    example.bought = {examples.labels.size(), examples.labels.size() + 1};
    examples.labels.push_back(item);
    examples.examples.push_back(example);
  }
  return examples;
}

std::vector<std::uint32_t> all_of(const EncodedExamples& examples) {
  std::vector<std::uint32_t> all(examples.examples.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TEST(RecentPrior, shares_that_do_not_change_move_nothing) {
  std::vector<std::uint32_t> items(3000);
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<std::uint32_t>(i % 3);
  const EncodedExamples examples = bought(items, 3);
  EXPECT_THAT(recent_log_odds(examples, all_of(examples)), Each(FloatNear(0, 0.02F)));
}

TEST(RecentPrior, an_item_of_late_is_raised_to_the_log_odds_of_its_recent_share) {
  // Item 0 in the first half, item 1 in the second, item 2 never.
  std::vector<std::uint32_t> items(20000, 0);
  std::fill(items.begin() + 10000, items.end(), 1);
  const EncodedExamples examples = bought(items, 3);
  const std::vector<float> amounts = recent_log_odds(examples, all_of(examples));
  // Of ages 0..1 with weights of 2^(-age/.2), those below .5 have (1 - 2^(-.5/.2)) / (1 - 2^(-1/.2)).
  const double late = (1 - std::exp2(-0.5 / 0.2)) / (1 - std::exp2(-1 / 0.2));
  EXPECT_NEAR(amounts[1], std::log(late / (1 - late)), 0.02);
  EXPECT_NEAR(amounts[0], -std::log(late / (1 - late)), 0.02);
  EXPECT_NEAR(amounts[2], 0, 1e-4);
}

TEST(RecentPrior, a_few_examples_move_little) {
  const EncodedExamples examples = bought({0, 0, 1, 1}, 2);
  const std::vector<float> amounts = recent_log_odds(examples, all_of(examples));
  EXPECT_GT(amounts[1], 0);
  EXPECT_LT(amounts[1], 0.2F);
}

TEST(RecentPrior, counts_only_the_examples_that_are_named) {
  const EncodedExamples examples = bought({0, 1, 0, 1, 1, 1}, 2);
  EXPECT_EQ(label_shares(examples, std::vector<std::uint32_t>{0, 1, 2, 3}), (std::vector<float>{0.5F, 0.5F}));
  EXPECT_TRUE(label_shares(examples, std::vector<std::uint32_t>{}) == (std::vector<float>{0, 0}));
  EXPECT_EQ(recent_log_odds(examples, std::vector<std::uint32_t>{0, 2}).size(), 2U);
}

/// Everybody says the same, and what they buy changes: only the prior can know.
TEST(RecentPrior, wide_and_deep_ranks_what_was_bought_of_late_first) {
  std::vector<Event> events;
  for (int i = 0; i < 200; ++i) {
    const std::string user = "u" + std::to_string(i);
    events.push_back(test::make_said(user, 1000 * i, "c" + user, 0, Speaker::kCustomer, "hello there"));
    events.push_back(test::make_purchase(user, 1000 * i + 1, {i < 120 ? "early" : "late"}));
  }
  const ExampleSet set = build_examples(events, {});
  TrainingOptions options;
  options.epochs = 5;  // the scores start at the shares of all, and there is nothing else to learn
  const auto scores_of = [&](const char* kind) {
    const auto trained = train_model(kind, set.examples, {}, {}, options);
    std::vector<float> scores(2);
    EXPECT_TRUE(trained) << to_string(trained.error());
    if (!trained) return scores;
    const auto model = load_model(*trained);
    EXPECT_TRUE(model) << to_string(model.error());
    if (!model) return scores;
    const Facts* facts = &set.examples.back().facts;
    EXPECT_TRUE((*model)->make_recommender()->score(std::span(&facts, 1), scores.data()));
    return scores;
  };
  SCOPED_TRACE("seed 1");
  const std::vector<float> ours = scores_of("wide-and-deep"), other = scores_of("latent-feature");
  EXPECT_LT(ours[0], ours[1]) << "early, late";
  EXPECT_GT(other[0], other[1]) << "without the prior the larger share comes first";
}

}  // namespace
}  // namespace eddy
