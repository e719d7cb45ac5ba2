#include "model/training/training_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "event_makers.h"

namespace eddy {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatNear;

constexpr std::uint64_t kSeed = 5;

/// One user: a session and a purchase, then a session of two tags and a call of many turns before another
/// one.
std::vector<Event> events_of_two_purchases() {
  using namespace test;
  std::vector<Event> events{make_action("u", 10, "old", {"a"}), make_purchase("u", 20, {"x"}),
                            make_action("u", 30, "new", {"a", "b"})};
  for (std::uint32_t turn = 0; turn < 20; ++turn)
    events.push_back(make_said("u", 40 + turn, "c", turn, Speaker::kCustomer, "one two"));
  events.push_back(make_purchase("u", 100, {"y"}));
  return events;
}

/// The second purchase of those events as a batch.
struct SecondPurchase {
  explicit SecondPurchase(const BatchOptions& options, std::uint64_t seed = kSeed) {
    const ExampleSet set = build_examples(events_of_two_purchases(), {});
    FeatureOptions features;
    features.max_ngram = 1;
    const EncodedExamples encoded = encode_examples(set.examples, choose_features(set.examples, features));
    std::mt19937_64 generator(seed);
    const std::uint32_t second = 1;
    fill_batch(encoded, std::span(&second, 1), options, KindWeights{}, generator, batch);
  }

  TrainingBatch batch;
};

BatchOptions history_options() {
  BatchOptions options;
  options.sums_history = true;
  return options;
}

TEST(TrainingBatch, the_linear_path_reads_what_came_since_the_last_purchase) {
  const TrainingBatch batch = SecondPurchase(history_options()).batch;
  EXPECT_THAT(batch.follows_purchase, ElementsAre(0.0F, 1.0F, 0.0F));
  EXPECT_THAT(batch.history_tags.bags.offsets, ElementsAre(0));
  EXPECT_EQ(batch.history_tags.bags.ids.size(), 2U) << "the tags of the session after the first purchase";
  EXPECT_THAT(batch.history_tags.weights, Each(FloatNear(1 / std::sqrt(2.0F), 1e-6F)));
  EXPECT_EQ(batch.history_terms.bags.ids.size(), 40U);
  EXPECT_THAT(batch.history_terms.weights, Each(FloatNear(1 / std::sqrt(40.0F), 1e-6F)));
}

TEST(TrainingBatch, both_paths_hear_a_cut_call_up_to_the_same_turn) {
  BatchOptions options = history_options();
  options.cut_calls = true;
  bool was_cut = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TrainingBatch batch = SecondPurchase(options, seed).batch;
    EXPECT_EQ(batch.history_terms.bags.ids, batch.terms.ids);
    EXPECT_THAT(batch.history_terms.weights,
                Each(FloatNear(1 / std::sqrt(static_cast<float>(batch.terms.ids.size())), 1e-6F)));
    was_cut = was_cut || batch.terms.ids.size() < 40;
  }
  EXPECT_TRUE(was_cut);
}

TEST(TrainingBatch, what_dropout_keeps_stands_for_what_it_leaves_out) {
  SCOPED_TRACE("seed 5");
  BatchOptions options = history_options();
  options.term_dropout = 0.5;
  const TrainingBatch batch = SecondPurchase(options).batch;
  EXPECT_GT(batch.history_terms.bags.ids.size(), 5U);
  EXPECT_LT(batch.history_terms.bags.ids.size(), 35U);
  EXPECT_THAT(batch.history_terms.weights, Each(FloatNear(2 / std::sqrt(40.0F), 1e-6F)));
}

TEST(TrainingBatch, dropout_leaves_tags_out_of_steps_and_linear_path) {
  BatchOptions options = history_options();
  options.tag_dropout = 0.5;
  std::size_t steps = 0;
  std::size_t history = 0;
  constexpr std::size_t kBatches = 200;
  for (std::uint64_t seed = 0; seed < kBatches; ++seed) {
    const TrainingBatch batch = SecondPurchase(options, seed).batch;
    steps += batch.tags.ids.size();
    history += batch.history_tags.bags.ids.size();
    EXPECT_THAT(batch.history_tags.weights, Each(FloatNear(2 / std::sqrt(2.0F), 1e-6F))) << "seed " << seed;
  }
  EXPECT_NEAR(static_cast<double>(steps) / kBatches, 1.5, 0.3) << "half of three";
  EXPECT_NEAR(static_cast<double>(history) / kBatches, 1.0, 0.3) << "half of two";
}

}  // namespace
}  // namespace eddy
