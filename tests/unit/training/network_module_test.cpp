#include "model/networks/network_module.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "event_makers.h"
#include "fakes/random_models.h"
#include "model/training/generators.h"
#include "model/training/network_trainer.h"
#include "model/training/neutral_values.h"

namespace eddy {
namespace {

constexpr std::uint64_t kSeed = 11;

/// Users with up to two interactions of each channel; utterances carry keywords and vectors.
std::vector<Event> events_of_two_rounds() {
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
  for (Event& event : events) {
    auto* said = std::get_if<Utterance>(&event.body);
    if (said == nullptr) continue;
    said->keywords = {"keyword" + std::to_string(said->text.size() % 4)};
    said->embedding = {static_cast<float>(said->text.size()) / 16.0F, 0.5F, static_cast<float>(said->seq)};
    said->encoder = "encoder-0";
  }
  return events;
}

/// What is trained, and what it reads.
struct Case {
  const char* kind;
  CallSource calls = CallSource::kTerms;
  bool linear_path = true;
};

std::string name_of(const testing::TestParamInfo<Case>& test) {
  std::string name = std::string(test.param.kind) +
                     (test.param.calls == CallSource::kCarried ? "_carried" : "") +
                     (test.param.linear_path ? "" : "_without_linear_path");
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

NetworkShape shape_for(const Case& what, const FeatureSet& features) {
  NetworkShape shape =
      what.calls == CallSource::kCarried ? small_carried_shape(what.kind) : small_shape(what.kind);
  shape.tags = features.tags.size();
  shape.terms = shape.reads_terms() ? features.term_buckets.size() : 0;
  shape.items = features.items.size();
  shape.buckets = features.options.buckets;
  return shape;
}

BatchOptions batch_options(const Case& what, const NetworkShape& shape) {
  BatchOptions options;
  options.reads_sessions = shape.hidden > 0 && shape.reads_sessions;
  options.reads_calls = shape.hidden > 0 && shape.reads_calls;
  options.pools_calls = shape.call_width > 0;
  options.sums_history = shape.sums_history();
  options.calls = what.calls;
  options.imputes_calls = shape.imputation == Imputation::kGenerated;
  options.embedding = shape.embedding;
  return options;
}

/// All examples, in one batch.
TrainingBatch batch_of_all(const EncodedExamples& encoded, const Case& what, const NetworkShape& shape) {
  std::mt19937_64 generator(kSeed);
  std::vector<std::uint32_t> all(encoded.examples.size());
  std::iota(all.begin(), all.end(), 0U);
  TrainingBatch batch;
  fill_batch(encoded, all, batch_options(what, shape), KindWeights{}, generator, batch);
  return batch;
}

void adopt_random_encoders(const FeatureSet& features, NetworkModule& network) {
  NetworkShape encoder = network->shape();
  encoder.encoding = Encoding::kProjected;
  encoder.hidden = 0;
  encoder.reads_calls = false;
  const NetworkModule sessions(encoder, std::vector<std::uint32_t>{}, 0.0, false);
  std::swap(encoder.reads_calls, encoder.reads_sessions);
  const NetworkModule calls(
      encoder, encoder.has_table() ? features.term_buckets : std::vector<std::uint32_t>{}, 0.0, false);
  const std::vector<std::int64_t> extents{static_cast<std::int64_t>(encoder.anchors),
                                          static_cast<std::int64_t>(encoder.projection)};
  network->adopt(*sessions, *calls, torch::randn(extents), torch::randn(extents));
}

/// Generators with weights that nobody trained, and the network on top of what they make.
NetworkWeights impute_at_random(const FeatureSet& features, NetworkModule& network,
                                EncodedExamples& encoded) {
  NetworkShape conversation = network->shape();
  conversation.encoding = Encoding::kNone;
  conversation.hidden = 0;
  conversation.imputation = Imputation::kNone;
  NetworkModule embedding(conversation,
                          conversation.has_table() ? features.term_buckets : std::vector<std::uint32_t>{},
                          0.0, false);
  Generators generators;
  generators.calls =
      NetworkModule(call_generator_shape(network->shape()), std::vector<std::uint32_t>{}, 0.0, false);
  generators.sessions = SessionGeneratorModule(network->shape(), 0.0);
  impute(generators, embedding, features, encoded);
  network->adopt_table(*embedding);
  NetworkWeights weights = network->weights();
  weights.call_generator = std::make_shared<const NetworkWeights>(generators.calls->weights());
  weights.session_generator = generators.sessions->weights();
  return weights;
}

class NetworkModuleTest : public testing::TestWithParam<Case> {};

/// What was trained is what is served: the network's own scores equal those of the recommender made of its
/// weights.
TEST_P(NetworkModuleTest, the_exported_weights_give_the_networks_scores) {
  SCOPED_TRACE("seed 11");
  torch::manual_seed(kSeed);
  const Case& what = GetParam();
  const ExampleSet set = build_examples(events_of_two_rounds(), {});
  FeatureOptions feature_options;
  feature_options.calls = what.calls;
  feature_options.terms_beside_vectors = std::string_view(what.kind) == "wide-and-deep";
  const FeatureSet features = choose_features(set.examples, feature_options);
  EncodedExamples encoded = encode_examples(set.examples, features);
  const NetworkShape shape = shape_for(what, features);
  NetworkModule network(shape, shape.reads_terms() ? features.term_buckets : std::vector<std::uint32_t>{},
                        0.3, what.linear_path);
  const torch::NoGradGuard no_gradient;
  // Weights large enough that each path counts.
  for (torch::Tensor& parameter : network->parameters()) parameter.add_(torch::randn_like(parameter) * 0.2);
  network->eval();
  if (shape.encoding == Encoding::kSimilarities) adopt_random_encoders(features, network);
  if (shape.imputation == Imputation::kNeutral) {
    const std::vector<float> session = neutral_session(encoded, features);
    network->set_neutral(neutral_call(encoded, features), session);
    impute_session(session, encoded);
  }

  const NetworkWeights weights = shape.imputation == Imputation::kGenerated
                                     ? impute_at_random(features, network, encoded)
                                     : network->weights();
  const auto model = make_network_model("m", features.tags.words(), features.items, weights);
  ASSERT_TRUE(model) << to_string(model.error());
  const auto recommender = (*model)->make_recommender();
  const TrainingBatch batch = batch_of_all(encoded, what, shape);
  const torch::Tensor expected = torch::sigmoid(network->logits(to_input(batch))).contiguous();
  ASSERT_EQ(expected.size(0), static_cast<std::int64_t>(encoded.examples.size()));
  std::vector<float> scores(shape.items);
  float largest = 0;
  float spread = 0;
  for (std::size_t row = 0; row < batch.examples.size(); ++row) {
    const Facts* facts = &set.examples[batch.examples[row]].facts;
    ASSERT_TRUE(recommender->score(std::span(&facts, 1), scores.data()));
    for (std::size_t item = 0; item < shape.items; ++item) {
      const float trained = expected.data_ptr<float>()[row * shape.items + item];
      largest = std::max(largest, std::abs(scores[item] - trained));
      spread = std::max(spread, std::abs(trained - expected.data_ptr<float>()[item]));
    }
  }
  EXPECT_LE(largest, 1e-5F);
  EXPECT_GT(spread, 1e-3F) << "the scores do not depend on the users, so nothing was compared";
}

/// All examples in one batch, and a network of Wide and deep for them.
struct WideAndDeep {
  WideAndDeep() {
    torch::manual_seed(kSeed);
    const Case what{"wide-and-deep"};
    const ExampleSet set = build_examples(events_of_two_rounds(), {});
    const FeatureSet features = choose_features(set.examples, {});
    const EncodedExamples encoded = encode_examples(set.examples, features);
    const NetworkShape shape = shape_for(what, features);
    network = NetworkModule(shape, features.term_buckets, 0.0, true);
    batch = batch_of_all(encoded, what, shape);
    std::fill(batch.labels.begin(), batch.labels.end(), 1.0F);
  }

  void set(const std::string& parameter, float value) {
    const torch::NoGradGuard no_gradient;
    network->named_parameters()[parameter].fill_(value);
  }
  /// The largest gradient of a parameter after the loss of the batch.
  float gradient_of(const std::string& parameter) {
    NetworkSubject subject(network, {});
    network->zero_grad();
    subject.loss(batch).backward();
    return network->named_parameters()[parameter].grad().abs().max().item<float>();
  }

  NetworkModule network{nullptr};
  TrainingBatch batch;
};

TEST(wide_and_deep, the_network_learns_where_the_linear_path_is_certain_already) {
  SCOPED_TRACE("seed 11");
  WideAndDeep model;
  model.set("tag_to_items.weight", 100);
  model.set("text_to_items.weight", 100);
  EXPECT_GT(model.gradient_of("output.weight"), 1e-3F);
}

TEST(wide_and_deep, the_linear_path_learns_where_the_network_is_certain_already) {
  SCOPED_TRACE("seed 11");
  WideAndDeep model;
  model.set("head.bias", 1);
  model.set("head.weight", 0);
  model.set("output.weight", 100);
  EXPECT_GT(model.gradient_of("tag_to_items.weight"), 1e-4F);
  EXPECT_GT(model.gradient_of("text_to_items.weight"), 1e-4F);
}

INSTANTIATE_TEST_SUITE_P(
    every_kind, NetworkModuleTest,
    testing::Values(Case{"latent-feature"}, Case{"latent-feature", CallSource::kTerms, false},
                    Case{"latent-feature", CallSource::kCarried}, Case{"wide-and-deep"},
                    Case{"wide-and-deep", CallSource::kCarried}, Case{"conversation"},
                    Case{"conversation", CallSource::kCarried}, Case{"session"},
                    Case{"keyword", CallSource::kKeywords}, Case{"both"}, Case{"neutral-imputation"},
                    Case{"neutral-imputation", CallSource::kCarried}, Case{"generative-imputation"},
                    Case{"generative-imputation", CallSource::kCarried}, Case{"relative-representation"},
                    Case{"relative-representation", CallSource::kCarried}),
    name_of);

}  // namespace
}  // namespace eddy
