#include "model/networks/latent_feature_module.h"

#include <gtest/gtest.h>

#include "event_makers.h"
#include "model/recommenders/latent_feature.h"

namespace eddy {
namespace {

/// What was trained is what is served: the network's own scores equal those of the recommender made of its
/// weights.
void expect_equal_scores(bool linear_path) {
  constexpr std::uint64_t kSeed = 11;
  SCOPED_TRACE("seed 11");
  torch::manual_seed(kSeed);
  std::vector<Event> events = test::separable_events(60, 5, kSeed);
  const std::vector<Event> second = test::separable_events(30, 5, kSeed + 1);
  const std::int64_t later = events.back().time.milliseconds;
  for (Event event : second) {
    event.time.milliseconds += later;
    if (auto* action = std::get_if<Action>(&event.body))
      action->session = SessionId(action->session.value() + "2");
    if (auto* said = std::get_if<Utterance>(&event.body)) said->call = CallId(said->call.value() + "2");
    events.push_back(std::move(event));
  }
  const ExampleSet set = build_examples(events, {});
  const FeatureSet features = choose_features(set.examples, {});
  const EncodedExamples encoded = encode_examples(set.examples, features);
  LatentFeatureShape shape;
  shape.tags = features.tags.size();
  shape.terms = features.term_buckets.size();
  shape.items = features.items.size();
  LatentFeatureModule network(shape, features.term_buckets, 0.3, linear_path);
  const torch::NoGradGuard no_gradient;
  // Weights large enough that each path counts.
  for (torch::Tensor& parameter : network->parameters()) parameter.add_(torch::randn_like(parameter) * 0.2);
  network->eval();

  const auto model = make_latent_feature("m", features.tags.words(), features.items, network->weights());
  ASSERT_TRUE(model) << to_string(model.error());
  const auto recommender = (*model)->make_recommender();
  std::mt19937_64 generator(kSeed);
  float largest = 0;
  for (std::uint32_t i = 0; i < encoded.examples.size(); ++i) {
    TrainingBatch batch;
    fill_batch(encoded, std::span(&i, 1), {}, KindWeights{}, generator, batch);
    const torch::Tensor expected = torch::sigmoid(network->logits(to_input(batch))).contiguous();
    std::vector<float> scores(shape.items);
    const Facts* facts = &set.examples[i].facts;
    ASSERT_TRUE(recommender->score(std::span(&facts, 1), scores.data()));
    for (std::size_t item = 0; item < shape.items; ++item)
      largest = std::max(largest, std::abs(scores[item] - expected.data_ptr<float>()[item]));
  }
  EXPECT_LE(largest, 1e-5F);
}

TEST(LatentFeatureModule, the_exported_weights_give_the_networks_scores) {
  expect_equal_scores(true);
}

TEST(LatentFeatureModule, the_same_without_the_linear_path) {
  expect_equal_scores(false);
}

}  // namespace
}  // namespace eddy
