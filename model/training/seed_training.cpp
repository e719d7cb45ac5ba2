#include <algorithm>
#include <utility>

#include "model/training/recent_prior.h"
#include "model/training/recipe.h"

namespace eddy {
namespace {

constexpr std::size_t kLeastBatch = 32, kLeastBatches = 50;

std::vector<std::uint32_t> of_kinds(const EncodedExamples& examples, const ExampleKinds& kinds) {
  std::vector<std::uint32_t> indices;
  for (std::uint32_t i = 0; i < examples.examples.size(); ++i)
    if (kinds.has(examples.examples[i].kind)) indices.push_back(i);
  return indices;
}

std::string text_of(const ExampleKinds& kinds) {
  if (!kinds.sessions_only && !kinds.calls_only) return "a session and a call";
  return kinds.sessions_only ? "a session" : "a call";
}

TrainingSet set_of(ExampleParts examples, const ExampleKinds& kinds) {
  return {examples.train, examples.validation, of_kinds(examples.train, kinds),
          of_kinds(examples.validation, kinds)};
}

}  // namespace

bool ExampleKinds::has(ExampleKind kind) const {
  switch (kind) {
    case ExampleKind::kSessionsOnly:
      return sessions_only;
    case ExampleKind::kCallsOnly:
      return calls_only;
    case ExampleKind::kBoth:
      return both;
  }
  return false;
}

NetworkShape SeedTraining::shape() const {
  NetworkShape shape;
  shape.tags = features_.tags.size();
  shape.terms = features_.term_buckets.size();
  shape.items = features_.items.size();
  shape.buckets = features_.options.buckets;
  shape.max_ngram = features_.options.max_ngram;
  shape.customer_only = features_.options.customer_only;
  shape.max_interactions = features_.options.max_interactions;
  if (features_.options.calls == CallSource::kCarried) {
    shape.text = TextSource::kCarried;
    shape.encoder = features_.encoder;
    shape.embedding = features_.embedding;
  }
  return shape;
}

NetworkModule SeedTraining::make_network(const NetworkPlan& plan) const {
  torch::manual_seed(options_.seed);
  NetworkShape shape = plan.shape;
  if (!shape.reads_terms()) shape.terms = 0;
  const double dropout = options_.dropout < 0 ? plan.dropout : options_.dropout;
  return NetworkModule(shape, shape.reads_terms() ? features_.term_buckets : std::vector<std::uint32_t>{},
                       dropout, options_.linear_path);
}

TrainingOptions SeedTraining::completed(std::uint32_t batch_size, std::size_t examples) const {
  TrainingOptions options = options_;
  const bool one_cycle = options.schedule == TrainingSchedule::kOneCycle;
  if (options.epochs == 0) options.epochs = one_cycle ? 30 : 100;
  if (options.learning_rate == 0) options.learning_rate = one_cycle ? 0.004 : 0.001;
  if (options.batch_size == 0) {
    options.batch_size = static_cast<std::uint32_t>(
        std::clamp<std::size_t>(examples / kLeastBatches, kLeastBatch, batch_size));
  }
  return options;
}

BatchOptions SeedTraining::batch_options(const NetworkShape& shape) const {
  BatchOptions options;
  options.cut_calls = options_.cut_calls;
  options.term_dropout = options_.term_dropout;
  options.reads_sessions = shape.encoding != Encoding::kNone && shape.reads_sessions;
  options.reads_calls = shape.encoding != Encoding::kNone && shape.reads_calls;
  options.pools_calls = shape.call_width > 0;
  options.sums_history = shape.sums_history();
  options.calls = features_.options.calls;
  options.imputes_calls = shape.imputation == Imputation::kGenerated;
  options.embedding = options.imputes_calls ? shape.embedding : features_.embedding;
  return options;
}

Result<void> SeedTraining::train(const NetworkPlan& plan, NetworkModule network, ExampleParts examples,
                                 SeedOutcome& outcome) {
  TrainingSet set = set_of(examples, plan.learns_from);
  if (plan.weighs_kinds) set.weights = kind_weights(examples.train);
  network->set_prior(label_shares(examples.train, set.train_examples));
  BatchOptions options = batch_options(plan.shape);
  options.tag_dropout = plan.tag_dropout;
  NetworkSubject subject(network, options, plan.extra_loss);
  EDDY_TRY(run(subject, set, plan.learns_from, plan.batch_size, outcome));
  if (plan.recent_prior) network->add_to_bias(recent_log_odds(examples.train, set.train_examples));
  return {};
}

Result<void> SeedTraining::train(TrainingSubject& subject, const ExampleKinds& kinds,
                                 std::uint32_t batch_size, ExampleParts examples, SeedOutcome& outcome) {
  return run(subject, set_of(examples, kinds), kinds, batch_size, outcome);
}

Result<void> SeedTraining::run(TrainingSubject& subject, const TrainingSet& set, const ExampleKinds& kinds,
                               std::uint32_t batch_size, SeedOutcome& outcome) {
  if (set.train_examples.empty())
    return user_error("there is nothing to learn from: no purchase has " + text_of(kinds) +
                      " of its user before it");
  const bool chooses = options_.schedule == TrainingSchedule::kEarlyStopping || options_.seeds > 1;
  if (chooses && set.validation_examples.empty())
    return user_error(
        "no validation example has " + text_of(kinds) +
        ", which early stopping and a choice among seeds need: give a larger --validation-share");
  const SeedOutcome done =
      run_training(subject, set, completed(batch_size, set.train_examples.size()), progress_, on_progress_);
  ++progress_.network;
  outcome.seed = done.seed;
  outcome.epochs += done.epochs;
  outcome.loss += done.loss;
  outcome.validation_loss += done.validation_loss;
  outcome.seconds += done.seconds;
  return {};
}

}  // namespace eddy
