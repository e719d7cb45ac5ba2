#include "model/training/model_trainer.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "model/evaluation/evaluation.h"
#include "model/recommender_list.h"
#include "model/recommenders/popular.h"
#include "model/training/recipe.h"

namespace eddy {
namespace {

Result<void> check(std::span<const LearningExample> train, std::span<const LearningExample> validation,
                   const TrainingOptions& options) {
  if (train.empty())
    return user_error(
        "there is nothing to learn from: no purchase has a session or call of its user before it");
  if (!validation.empty()) return {};
  if (options.schedule == TrainingSchedule::kEarlyStopping)
    return user_error("early stopping needs validation examples: give a larger --validation-share");
  if (options.seeds > 1)
    return user_error("choosing among seeds needs validation examples: give a larger --validation-share");
  return {};
}

TrainedModel count_popular(TrainedModel trained, std::span<const LearningExample> train) {
  ScoredModel model;
  model.items = trained.parts.items;
  trained.parts.tags.clear();
  trained.parts.tensors = popular_tensors(item_shares(model, train));
  return trained;
}

/// Whether what the calls are to be read by is there.
Result<void> check(const FeatureSet& features) {
  if (features.options.calls != CallSource::kCarried) return {};
  if (features.options.customer_only)
    return user_error(
        "the vectors that utterances carry are kept as one sum of both speakers: leave out --customer-only");
  if (features.embedding == 0)
    return user_error("no utterance before a purchase carries a vector: train with --text hashed");
  return {};
}

/// Trains from each seed and keeps the best.
Result<void> train_seeds(const Recipe& recipe, const FeatureSet& features, const EncodedExamples& train,
                         const EncodedExamples& validation, const TrainingOptions& options,
                         const std::function<void(const TrainingProgress&)>& on_progress,
                         TrainedModel& trained) {
  TrainingProgress progress;
  const std::uint32_t seeds = std::max<std::uint32_t>(1, options.seeds);
  progress.networks = seeds * recipe.networks;
  double best = std::numeric_limits<double>::infinity();
  for (std::uint32_t seed = 0; seed < seeds; ++seed) {
    TrainingOptions seed_options = options;
    seed_options.seed = options.seed + seed;
    progress.network = seed * recipe.networks;
    SeedTraining training(features, {train, validation}, seed_options, progress, on_progress);
    EDDY_ASSIGN(SeedResult result, recipe.make(training));
    trained.seeds.push_back(result.outcome);
    if (!std::isfinite(result.outcome.loss))
      return internal_error("the training loss is no number any more; try a smaller --learning-rate");
    const double measure = validation.examples.empty() ? result.outcome.loss : result.outcome.validation_loss;
    if (measure >= best) continue;
    best = measure;
    trained.kept = seed;
    trained.parts.tensors = std::move(result.tensors);
    trained.parts.options = std::move(result.options);
  }
  if (!std::isfinite(best))
    return internal_error("the validation loss is no number; try a smaller --learning-rate");
  return {};
}

}  // namespace

bool reads_text(std::string_view kind) {
  const Recipe* recipe = find_recipe(kind);
  return recipe != nullptr && recipe->calls == Recipe::Calls::kEmbedding;
}

Result<TrainedModel> train_model(std::string_view kind, std::span<const LearningExample> train,
                                 std::span<const LearningExample> validation,
                                 const FeatureOptions& feature_options, const TrainingOptions& options,
                                 const std::function<void(const TrainingProgress&)>& on_progress) {
  if (find_recommender(kind) == nullptr)
    return user_error("the model \"" + std::string(kind) + "\" is unknown; known are " + recommender_names());
  EDDY_TRY(check(train, validation, options));
  const Recipe* recipe = find_recipe(kind);
  FeatureOptions feature_choice = feature_options;
  const Recipe::Calls calls = recipe == nullptr ? Recipe::Calls::kUnread : recipe->calls;
  if (calls == Recipe::Calls::kKeywords) feature_choice.calls = CallSource::kKeywords;
  if (calls == Recipe::Calls::kUnread) feature_choice.calls = CallSource::kTerms;
  feature_choice.terms_beside_vectors = recipe != nullptr && recipe->terms_beside_vectors;
  const FeatureSet features = choose_features(train, feature_choice);
  EDDY_TRY(check(features));
  TrainedModel trained;
  trained.kind = kind;
  trained.parts.name = kind;
  trained.parts.items = features.items;
  if (recipe == nullptr) return count_popular(std::move(trained), train);
  trained.parts.tags = features.tags.words();
  trained.terms = features.term_buckets.size();
  const EncodedExamples encoded_train = encode_examples(train, features);
  const EncodedExamples encoded_validation = encode_examples(validation, features);
  try {
    at::set_num_threads(options.threads);
    EDDY_TRY(
        train_seeds(*recipe, features, encoded_train, encoded_validation, options, on_progress, trained));
  } catch (const std::exception& error) {
    return internal_error(std::string("LibTorch: ") + error.what(), "training");
  }
  return trained;
}

Result<std::shared_ptr<const RecommenderModel>> load_model(const TrainedModel& trained) {
  const RecommenderKind* kind = find_recommender(trained.kind);
  if (kind == nullptr) return internal_error("the model \"" + trained.kind + "\" is unknown");
  return kind->load(trained.parts);
}

}  // namespace eddy
