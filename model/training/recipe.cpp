#include "model/training/recipe.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "model/recommenders/combined_recommender.h"
#include "model/training/anchors.h"
#include "model/training/generators.h"
#include "model/training/neutral_values.h"

namespace eddy {
namespace {

// The networks of DESIGN §7, with the widths, dropouts and batches of the paper.

NetworkPlan conversation_plan(const SeedTraining& training) {
  NetworkPlan plan;
  plan.shape = training.shape();
  plan.shape.encoding = Encoding::kNone;
  plan.shape.hidden = 0;
  plan.shape.call_width = 64;
  plan.shape.head = {64};
  plan.dropout = 0.2;
  plan.batch_size = 512;
  plan.learns_from = kWithCall;
  return plan;
}

NetworkPlan session_plan(const SeedTraining& training) {
  NetworkPlan plan;
  plan.shape = training.shape();
  plan.shape.encoding = Encoding::kMultiHot;
  plan.shape.reads_calls = false;
  plan.shape.channel_flag = false;
  plan.dropout = 0.3;
  plan.batch_size = 256;
  plan.learns_from = kWithSession;
  return plan;
}

NetworkPlan keyword_plan(const SeedTraining& training) {
  NetworkPlan plan;
  plan.shape = training.shape();
  plan.shape.encoding = Encoding::kMultiHot;
  plan.dropout = 0.2;
  plan.batch_size = 512;
  return plan;
}

NetworkPlan latent_feature_plan(const SeedTraining& training) {
  NetworkPlan plan;
  plan.shape = training.shape();
  plan.dropout = 0.3;
  plan.batch_size = 512;
  plan.weighs_kinds = true;
  return plan;
}

/// Latent feature that knows where the purchases are, beside a linear path over what came since the last one.
NetworkPlan wide_and_deep_plan(const SeedTraining& training) {
  NetworkPlan plan;
  plan.shape = training.shape();
  plan.shape.purchase_flag = true;
  plan.shape.linear = LinearPath::kSincePurchase;
  plan.dropout = 0.3;
  plan.tag_dropout = 0.5;
  plan.recent_prior = true;
  plan.batch_size = 512;
  return plan;
}

/// Both channels beside each other: Knowledge distillation's student, and the networks with imputation.
NetworkPlan side_by_side_plan(const SeedTraining& training, std::size_t width) {
  NetworkPlan plan;
  plan.shape = training.shape();
  plan.shape.encoding = Encoding::kMultiHot;
  plan.shape.reads_calls = false;
  plan.shape.channel_flag = false;
  plan.shape.hidden = width;
  plan.shape.call_width = width;
  plan.shape.head = {width, width};
  return plan;
}

SeedResult bundle_of(const NetworkWeights& weights, const SeedOutcome& outcome) {
  return {to_tensors(weights), to_json(weights.shape), outcome};
}

using MakePlan = NetworkPlan (*)(const SeedTraining& training);

/// A model that is one network, trained from nothing.
template <MakePlan kPlan>
Result<SeedResult> make_single(SeedTraining& training) {
  const NetworkPlan plan = kPlan(training);
  NetworkModule network = training.make_network(plan);
  SeedOutcome outcome;
  EDDY_TRY(training.train(plan, network, training.examples(), outcome));
  return bundle_of(network->weights(), outcome);
}

SeedResult bundle_of(const CombinedNetworks& networks, const SeedOutcome& outcome) {
  return {to_tensors(networks), to_json_shapes(networks), outcome};
}

/// Conversation and Session, as Late fusion puts them together and Knowledge distillation learns from them.
struct SingleChannels {
  NetworkModule conversation{nullptr}, session{nullptr};
};

Result<SingleChannels> train_single_channels(SeedTraining& training, SeedOutcome& outcome) {
  const NetworkPlan conversation_part = conversation_plan(training);
  const NetworkPlan session_part = session_plan(training);
  SingleChannels channels;
  channels.conversation = training.make_network(conversation_part);
  EDDY_TRY(training.train(conversation_part, channels.conversation, training.examples(), outcome));
  channels.session = training.make_network(session_part);
  EDDY_TRY(training.train(session_part, channels.session, training.examples(), outcome));
  return channels;
}

Result<SeedResult> make_late_fusion(SeedTraining& training) {
  SeedOutcome outcome;
  EDDY_ASSIGN(SingleChannels channels, train_single_channels(training, outcome));
  return bundle_of(
      CombinedNetworks{channels.conversation->weights(), channels.session->weights(), std::nullopt}, outcome);
}

/// The shares of the examples with a call, and with a session.
std::pair<double, double> channel_shares(const EncodedExamples& examples) {
  double calls = 0, sessions = 0;
  for (const auto& example : examples.examples) {
    calls += kWithCall.has(example.kind) ? 1 : 0;
    sessions += kWithSession.has(example.kind) ? 1 : 0;
  }
  const double all = std::max<double>(1, static_cast<double>(examples.examples.size()));
  return {calls / all, sessions / all};
}

/// How far the student's scores are from a teacher's, who reads the same batch.
torch::Tensor distance_to(NetworkModule teacher, const NetworkInput& input, const TrainingBatch& batch,
                          const torch::Tensor& logits) {
  torch::Tensor taught;
  {
    const torch::NoGradGuard no_gradient;
    taught = torch::sigmoid(teacher->logits(input));
  }
  const torch::Tensor weights = torch::tensor(batch.weights).view_as(logits);
  return torch::binary_cross_entropy_with_logits(logits, taught, weights);
}

Result<SeedResult> make_knowledge_distillation(SeedTraining& training) {
  SeedOutcome outcome;
  EDDY_ASSIGN(SingleChannels teachers, train_single_channels(training, outcome));
  NetworkPlan plan = side_by_side_plan(training, 128);
  plan.dropout = 0.4;
  plan.batch_size = 256;
  plan.learns_from = kWithBoth;
  const std::pair<double, double> shares = channel_shares(training.examples().train);
  plan.extra_loss = [teachers, shares](const NetworkInput& input, const TrainingBatch& batch,
                                       const torch::Tensor& logits) {
    return shares.first * distance_to(teachers.conversation, input, batch, logits) +
           shares.second * distance_to(teachers.session, input, batch, logits);
  };
  NetworkModule student = training.make_network(plan);
  EDDY_TRY(training.train(plan, student, training.examples(), outcome));
  return bundle_of(
      CombinedNetworks{teachers.conversation->weights(), teachers.session->weights(), student->weights()},
      outcome);
}

Result<SeedResult> make_neutral_imputation(SeedTraining& training) {
  NetworkPlan plan = side_by_side_plan(training, 128);
  plan.shape.imputation = Imputation::kNeutral;
  plan.dropout = 0.2;
  plan.batch_size = 128;
  EncodedExamples train = training.examples().train;
  EncodedExamples validation = training.examples().validation;
  const std::vector<float> session = neutral_session(train, training.features());
  NetworkModule network = training.make_network(plan);
  network->set_neutral(neutral_call(train, training.features()), session);
  impute_session(session, train);
  impute_session(session, validation);
  SeedOutcome outcome;
  EDDY_TRY(training.train(plan, network, {train, validation}, outcome));
  return bundle_of(network->weights(), outcome);
}

/// What the generators' embeddings are: with hashed n-grams those that Conversation learns.
Result<NetworkModule> train_embedding(SeedTraining& training) {
  const NetworkPlan plan = conversation_plan(training);
  NetworkModule network = training.make_network(plan);
  SeedOutcome not_of_the_scores;
  if (plan.shape.has_table()) EDDY_TRY(training.train(plan, network, training.examples(), not_of_the_scores));
  network->eval();
  return network;
}

Result<SeedResult> make_generative_imputation(SeedTraining& training) {
  NetworkPlan plan = side_by_side_plan(training, 256);
  plan.shape.imputation = Imputation::kGenerated;
  plan.shape.generated_steps = plan.shape.max_interactions;
  plan.dropout = 0.2;
  plan.batch_size = 128;
  EDDY_ASSIGN(NetworkModule embedding, train_embedding(training));
  EDDY_ASSIGN(Generators generators, train_generators(training, plan.shape, embedding));
  EncodedExamples train = training.examples().train;
  EncodedExamples validation = training.examples().validation;
  impute(generators, embedding, training.features(), train);
  impute(generators, embedding, training.features(), validation);
  NetworkModule network = training.make_network(plan);
  network->adopt_table(*embedding);
  SeedOutcome outcome;
  EDDY_TRY(training.train(plan, network, {train, validation}, outcome));
  NetworkWeights weights = network->weights();
  weights.call_generator = std::make_shared<const NetworkWeights>(generators.calls->weights());
  weights.session_generator = generators.sessions->weights();
  return bundle_of(weights, outcome);
}

/// What learns to encode the interactions of one channel: one of them tells what was bought.
NetworkPlan encoder_plan(const SeedTraining& training, Channel channel) {
  const bool of_calls = channel == Channel::kCall;
  NetworkPlan plan;
  plan.shape = training.shape();
  plan.shape.hidden = 0;
  plan.shape.channel_flag = false;
  plan.shape.reads_calls = of_calls;
  plan.shape.reads_sessions = !of_calls;
  plan.shape.projection = 256;
  plan.dropout = of_calls ? 0.2 : 0.4;
  plan.batch_size = of_calls ? 256 : 128;
  plan.learns_from = of_calls ? kWithCall : kWithSession;
  return plan;
}

NetworkPlan relative_plan(const SeedTraining& training, std::size_t anchors) {
  NetworkPlan plan;
  plan.shape = training.shape();
  plan.shape.encoding = Encoding::kSimilarities;
  plan.shape.channel_flag = false;
  plan.shape.projection = 256;
  plan.shape.anchors = anchors;
  plan.dropout = 0.3;
  plan.batch_size = 256;
  return plan;
}

Result<NetworkModule> train_encoder(SeedTraining& training, Channel channel) {
  const NetworkPlan plan = encoder_plan(training, channel);
  const EncodedExamples train = single_interactions(training.examples().train, channel);
  const EncodedExamples validation = single_interactions(training.examples().validation, channel);
  NetworkModule encoder = training.make_network(plan);
  SeedOutcome not_of_the_scores;
  EDDY_TRY(training.train(plan, encoder, {train, validation}, not_of_the_scores));
  return encoder;
}

/// What an encoder makes of the anchors' interactions, [anchors × P].
torch::Tensor encode_anchors(const SeedTraining& training, NetworkModule encoder, Channel channel,
                             const std::vector<std::uint32_t>& anchors) {
  const torch::NoGradGuard no_gradient;
  BatchOptions options = training.batch_options(encoder->shape());
  options.cut_calls = false;
  options.term_dropout = 0;
  options.reads_sessions = channel == Channel::kSession;
  options.reads_calls = channel == Channel::kCall;
  std::mt19937_64 unused;
  TrainingBatch batch;
  fill_batch(training.examples().train, anchors, options, KindWeights{}, unused, batch);
  return encoder->encode(to_input(batch));
}

Result<SeedResult> make_relative_representation(SeedTraining& training) {
  constexpr std::size_t kAnchors = 125;
  const auto anchors = choose_anchors(training.examples().train, kAnchors, training.seed());
  if (anchors.empty())
    return user_error(
        "there are no anchors: no purchase has exactly one session and one call of its user before it");
  EDDY_ASSIGN(NetworkModule sessions, train_encoder(training, Channel::kSession));
  EDDY_ASSIGN(NetworkModule calls, train_encoder(training, Channel::kCall));
  const NetworkPlan plan = relative_plan(training, anchors.size());
  NetworkModule network = training.make_network(plan);
  network->adopt(*sessions, *calls, encode_anchors(training, sessions, Channel::kSession, anchors),
                 encode_anchors(training, calls, Channel::kCall, anchors));
  SeedOutcome outcome;
  EDDY_TRY(training.train(plan, network, training.examples(), outcome));
  return bundle_of(network->weights(), outcome);
}

}  // namespace

const Recipe* find_recipe(std::string_view kind) {
  static constexpr std::array kRecipes{
      Recipe{"latent-feature", 1, Recipe::Calls::kEmbedding, make_single<latent_feature_plan>},
      Recipe{"wide-and-deep", 1, Recipe::Calls::kEmbedding, make_single<wide_and_deep_plan>, true},
      Recipe{"conversation", 1, Recipe::Calls::kEmbedding, make_single<conversation_plan>},
      Recipe{"session", 1, Recipe::Calls::kUnread, make_single<session_plan>},
      Recipe{"keyword", 1, Recipe::Calls::kKeywords, make_single<keyword_plan>},
      Recipe{"late-fusion", 2, Recipe::Calls::kEmbedding, make_late_fusion},
      Recipe{"knowledge-distillation", 3, Recipe::Calls::kEmbedding, make_knowledge_distillation},
      Recipe{"neutral-imputation", 1, Recipe::Calls::kEmbedding, make_neutral_imputation},
      Recipe{"generative-imputation", 4, Recipe::Calls::kEmbedding, make_generative_imputation},
      Recipe{"relative-representation", 3, Recipe::Calls::kEmbedding, make_relative_representation},
  };
  for (const Recipe& recipe : kRecipes)
    if (recipe.kind == kind) return &recipe;
  return nullptr;
}

}  // namespace eddy
