#include "model/training/latent_feature_trainer.h"

#include <gtest/gtest.h>

#include "event_makers.h"
#include "model/evaluation/evaluation.h"
#include "model/recommenders/latent_feature.h"
#include "model/training/training_record.h"

namespace eddy {
namespace {

struct Data {
  explicit Data(std::uint64_t seed) : set(build_examples(test::separable_events(400, 6, seed), {})) {
    split = split_examples(set.examples.size(), 0.1, 0.2);
  }
  [[nodiscard]] std::span<const LearningExample> train() const {
    return std::span(set.examples).first(split.train);
  }
  [[nodiscard]] std::span<const LearningExample> validation() const {
    return std::span(set.examples).subspan(split.train, split.validation);
  }
  [[nodiscard]] std::span<const LearningExample> test() const {
    return std::span(set.examples).last(split.test);
  }

  ExampleSet set;
  ExampleSplit split;
};

TrainingOptions few_epochs(std::uint32_t epochs) {
  TrainingOptions options;
  options.epochs = epochs;
  options.threads = 1;
  return options;
}

TEST(LatentFeatureTrainer, learns_a_separable_set_and_beats_popular) {
  constexpr std::uint64_t kSeed = 4;
  SCOPED_TRACE("seed 4");
  const Data data(kSeed);
  const auto trained = train_latent_feature(data.train(), data.validation(), {}, few_epochs(12));
  ASSERT_TRUE(trained) << to_string(trained.error());
  const auto model =
      make_latent_feature("m", trained->features.tags.words(), trained->features.items, trained->weights);
  ASSERT_TRUE(model) << to_string(model.error());
  const auto recommender = (*model)->make_recommender();
  const auto scored = (*model)->scored_model();
  const auto learned = evaluate(
      "m", scored,
      [&](std::span<const Facts* const> users, float* scores) { return recommender->score(users, scores); },
      data.test(), {});
  const auto popular = evaluate("popular", scored, popular_scores(scored, item_shares(*scored, data.train())),
                                data.test(), {});
  ASSERT_TRUE(learned);
  ASSERT_TRUE(popular);
  EXPECT_GT(learned->by_kind[kAllKinds].hit_rate[0], 0.95);
  EXPECT_LT(popular->by_kind[kAllKinds].hit_rate[0], 0.5);
  for (std::size_t kind = 0; kind < kExampleKinds; ++kind)
    EXPECT_GT(learned->by_kind[kind].hit_rate[0], 0.9) << to_string(static_cast<ExampleKind>(kind));
}

TEST(LatentFeatureTrainer, the_same_seed_gives_the_same_weights_and_another_seed_others) {
  const Data data(5);
  const auto train_with = [&](std::uint64_t seed) {
    TrainingOptions options = few_epochs(2);
    options.seed = seed;
    auto trained = train_latent_feature(data.train(), data.validation(), {}, options);
    EXPECT_TRUE(trained);
    return std::move(trained).value();
  };
  const TrainedLatentFeature first = train_with(7), again = train_with(7), other = train_with(8);
  EXPECT_EQ(to_tensors(first.weights).size(), to_tensors(again.weights).size());
  EXPECT_EQ(first.weights.gru_hidden, again.weights.gru_hidden);
  EXPECT_EQ(first.weights.text_embedding, again.weights.text_embedding);
  EXPECT_EQ(first.weights.output, again.weights.output);
  EXPECT_NE(first.weights.output, other.weights.output);
}

TEST(LatentFeatureTrainer, early_stopping_keeps_the_best_of_several_seeds) {
  const Data data(6);
  TrainingOptions options = few_epochs(6);
  options.schedule = TrainingSchedule::kEarlyStopping;
  options.seeds = 2;
  std::uint32_t networks_seen = 0;
  const auto trained = train_latent_feature(data.train(), data.validation(), {}, options,
                                            [&](const TrainingProgress& progress) {
                                              networks_seen = std::max(networks_seen, progress.network + 1);
                                              EXPECT_LE(progress.batch, progress.batches);
                                            });
  ASSERT_TRUE(trained) << to_string(trained.error());
  EXPECT_EQ(networks_seen, 2U);
  ASSERT_EQ(trained->seeds.size(), 2U);
  EXPECT_LE(trained->seeds[trained->kept].validation_loss, trained->seeds[1 - trained->kept].validation_loss);
  ASSERT_TRUE(check_sizes(trained->weights));
}

TEST(LatentFeatureTrainer, refuses_what_it_cannot_learn_from) {
  EXPECT_FALSE(train_latent_feature({}, {}, {}, {}));
  const Data data(7);
  TrainingOptions early = few_epochs(1);
  early.schedule = TrainingSchedule::kEarlyStopping;
  EXPECT_FALSE(train_latent_feature(data.train(), {}, {}, early));
  TrainingOptions seeds = few_epochs(1);
  seeds.seeds = 2;
  EXPECT_FALSE(train_latent_feature(data.train(), {}, {}, seeds));
}

TEST(TrainingRecord, comes_back_from_a_manifest) {
  TrainingRecord record;
  record.split = {70, 10, 20};
  record.validation_share = 0.125;
  record.test_share = 0.2;
  record.session_inactivity = std::chrono::minutes(30);
  record.item_shares = {{"x", 0.5}};
  const SeedOutcome outcome{3, 30, 0.1, 0.2, 4.5};
  record.networks = to_json(std::span(&outcome, 1), 0);
  const auto back = training_record("{\"training\": " + to_json(record) + "}");
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->split.validation, 10U);
  EXPECT_DOUBLE_EQ(back->validation_share, 0.125);
  EXPECT_EQ(back->session_inactivity, std::chrono::minutes(30));
  EXPECT_EQ(back->item_shares, record.item_shares);
  EXPECT_EQ(to_json(*back), to_json(record));
  EXPECT_FALSE(training_record("{}"));
}

}  // namespace
}  // namespace eddy
