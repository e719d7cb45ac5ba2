#include "model/training/model_trainer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "event_makers.h"
#include "model/evaluation/evaluation.h"
#include "model/recommender_list.h"
#include "model/training/training_record.h"

namespace eddy {
namespace {

struct Data {
  explicit Data(std::uint64_t seed) : Data(test::separable_events(400, 6, seed)) {}
  explicit Data(const std::vector<Event>& events) : set(build_examples(events, {})) {
    split = split_examples(set.examples.size(), 0.1, 0.2);
  }
  [[nodiscard]] std::span<const LearningExample> train() const { return spans_of(set.examples, split).train; }
  [[nodiscard]] std::span<const LearningExample> validation() const {
    return spans_of(set.examples, split).validation;
  }
  [[nodiscard]] std::span<const LearningExample> test() const { return spans_of(set.examples, split).test; }

  ExampleSet set;
  ExampleSplit split;
};

TrainingOptions few_epochs(std::uint32_t epochs) {
  TrainingOptions options;
  options.epochs = epochs;
  options.threads = 1;
  return options;
}

Result<TrainedModel> train_kind(const char* kind, const Data& data, const TrainingOptions& options) {
  return train_model(kind, data.train(), data.validation(), {}, options);
}

std::vector<float> floats(const TrainedModel& trained, const std::string& tensor) {
  return std::get<std::vector<float>>(trained.parts.tensors.at(tensor).values);
}

/// A kind of model, and which examples it should do well on.
struct Learner {
  const char* kind;
  bool sessions_only, calls_only;
};

class ModelTrainerTest : public testing::TestWithParam<Learner> {};

TEST_P(ModelTrainerTest, learns_a_separable_set_and_beats_popular) {
  SCOPED_TRACE("seed 4");
  const Data data(4);
  const auto trained = train_kind(GetParam().kind, data, few_epochs(30));
  ASSERT_TRUE(trained) << to_string(trained.error());
  const auto model = load_model(*trained);
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
  const auto hit_rate = [&](ExampleKind kind) {
    return learned->by_kind[static_cast<std::size_t>(kind)].hit_rate[0];
  };
  EXPECT_LT(popular->by_kind[kAllKinds].hit_rate[0], 0.5);
  EXPECT_GT(hit_rate(ExampleKind::kBoth), 0.9);
  if (GetParam().sessions_only) {
    EXPECT_GT(hit_rate(ExampleKind::kSessionsOnly), 0.9);
  }
  if (GetParam().calls_only) {
    EXPECT_GT(hit_rate(ExampleKind::kCallsOnly), 0.9);
  }
}

INSTANTIATE_TEST_SUITE_P(
    every_kind, ModelTrainerTest,
    testing::Values(Learner{"latent-feature", true, true}, Learner{"wide-and-deep", true, true},
                    Learner{"conversation", false, true}, Learner{"session", true, false},
                    Learner{"keyword", true, true}, Learner{"late-fusion", true, true},
                    Learner{"knowledge-distillation", true, true}, Learner{"neutral-imputation", true, true},
                    Learner{"generative-imputation", true, true},
                    Learner{"relative-representation", true, true}),
    [](const auto& test) {
      std::string name = test.param.kind;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(ModelTrainer, every_kind_in_the_list_can_be_trained) {
  const Data data(9);
  for (const RecommenderKind& kind : recommender_list()) {
    SCOPED_TRACE(kind.name);
    const auto trained = train_model(kind.name, data.train(), data.validation(), {}, few_epochs(1));
    ASSERT_TRUE(trained) << to_string(trained.error());
    EXPECT_EQ(trained->kind, kind.name);
    EXPECT_TRUE(load_model(*trained));
  }
  const auto unknown = train_kind("oracle", data, few_epochs(1));
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("latent-feature"), std::string::npos);
}

TEST(ModelTrainer, the_same_seed_gives_the_same_weights_and_another_seed_others) {
  const Data data(5);
  const auto train_with = [&](std::uint64_t seed) {
    TrainingOptions options = few_epochs(2);
    options.seed = seed;
    auto trained = train_kind("latent-feature", data, options);
    EXPECT_TRUE(trained);
    return std::move(trained).value();
  };
  const TrainedModel first = train_with(7), again = train_with(7), other = train_with(8);
  EXPECT_EQ(first.parts.tensors.size(), again.parts.tensors.size());
  for (const auto& [name, tensor] : first.parts.tensors)
    EXPECT_EQ(tensor.values, again.parts.tensors.at(name).values) << name;
  EXPECT_NE(floats(first, "output"), floats(other, "output"));
}

TEST(ModelTrainer, early_stopping_keeps_the_best_of_several_seeds) {
  const Data data(6);
  TrainingOptions options = few_epochs(6);
  options.schedule = TrainingSchedule::kEarlyStopping;
  options.seeds = 2;
  std::uint32_t networks_seen = 0;
  const auto trained = train_model("latent-feature", data.train(), data.validation(), {}, options,
                                   [&](const TrainingProgress& progress) {
                                     networks_seen = std::max(networks_seen, progress.network + 1);
                                     EXPECT_LE(progress.batch, progress.batches);
                                   });
  ASSERT_TRUE(trained) << to_string(trained.error());
  EXPECT_EQ(networks_seen, 2U);
  ASSERT_EQ(trained->seeds.size(), 2U);
  EXPECT_LE(trained->seeds[trained->kept].validation_loss, trained->seeds[1 - trained->kept].validation_loss);
}

TEST(ModelTrainer, refuses_what_it_cannot_learn_from) {
  EXPECT_FALSE(train_model("latent-feature", {}, {}, {}, {}));
  const Data data(7);
  TrainingOptions early = few_epochs(1);
  early.schedule = TrainingSchedule::kEarlyStopping;
  EXPECT_FALSE(train_model("latent-feature", data.train(), {}, {}, early));
  TrainingOptions seeds = few_epochs(1);
  seeds.seeds = 2;
  EXPECT_FALSE(train_model("latent-feature", data.train(), {}, {}, seeds));
}

TEST(ModelTrainer, says_which_channel_is_missing) {
  const std::vector<Event> clicks{test::make_action("u", 1, "s", {"t"}), test::make_purchase("u", 2, {"x"})};
  const ExampleSet set = build_examples(clicks, {});
  const auto trained = train_model("conversation", set.examples, {}, {}, few_epochs(1));
  ASSERT_FALSE(trained);
  EXPECT_EQ(trained.error().fault, Fault::kUser);
  EXPECT_NE(trained.error().message.find("a call"), std::string::npos);
}

/// The separable events, whose utterances carry vectors that tell the item.
Data with_vectors(std::uint64_t seed) {
  std::vector<Event> events = test::separable_events(400, 6, seed);
  for (Event& event : events) {
    auto* said = std::get_if<Utterance>(&event.body);
    if (said == nullptr) continue;
    const std::size_t word = said->text.find("word");
    said->embedding.assign(6, 0.0F);
    if (word != std::string::npos) said->embedding.at(said->text[word + 4] - '0') = 1.0F;
    said->encoder = "one-hot@1";
    said->text.clear();
  }
  return Data(events);
}

class CarriedVectorsTest : public testing::TestWithParam<const char*> {};

TEST_P(CarriedVectorsTest, are_learned_from) {
  SCOPED_TRACE("seed 14");
  const Data data = with_vectors(14);
  FeatureOptions features;
  features.calls = CallSource::kCarried;
  const auto trained = train_model(GetParam(), data.train(), data.validation(), features, few_epochs(30));
  ASSERT_TRUE(trained) << to_string(trained.error());
  EXPECT_EQ(trained->terms, 0U) << "the utterances have no words";
  const auto model = load_model(*trained);
  ASSERT_TRUE(model) << to_string(model.error());
  const auto recommender = (*model)->make_recommender();
  const auto learned = evaluate(
      "m", (*model)->scored_model(),
      [&](std::span<const Facts* const> users, float* scores) { return recommender->score(users, scores); },
      data.test(), {});
  ASSERT_TRUE(learned);
  EXPECT_GT(learned->by_kind[static_cast<std::size_t>(ExampleKind::kCallsOnly)].hit_rate[0], 0.9);
}

INSTANTIATE_TEST_SUITE_P(every_kind_that_reads_text, CarriedVectorsTest,
                         testing::Values("latent-feature", "wide-and-deep", "conversation", "late-fusion",
                                         "knowledge-distillation", "neutral-imputation",
                                         "generative-imputation", "relative-representation"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(CarriedVectors, must_be_there_and_are_of_both_speakers) {
  FeatureOptions features;
  features.calls = CallSource::kCarried;
  const Data without(15);
  const auto nothing = train_model("conversation", without.train(), {}, features, few_epochs(1));
  ASSERT_FALSE(nothing);
  EXPECT_NE(nothing.error().message.find("--text hashed"), std::string::npos);
  EXPECT_TRUE(train_model("session", without.train(), {}, features, few_epochs(1)));  // reads no calls
  features.customer_only = true;
  const Data data = with_vectors(15);
  const auto one_speaker = train_model("conversation", data.train(), {}, features, few_epochs(1));
  ASSERT_FALSE(one_speaker);
  EXPECT_NE(one_speaker.error().message.find("--customer-only"), std::string::npos);
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
