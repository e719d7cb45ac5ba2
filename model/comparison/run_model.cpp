#include "model/comparison/run_model.h"

#include <array>
#include <cstdio>
#include <utility>

#include "base/clock.h"
#include "model/evaluation/evaluation.h"
#include "model/training/model_trainer.h"

namespace eddy {
namespace {

/// Of a run's progress; the rest is the measuring.
constexpr double kTrainingPart = 0.95;

/// Examples to learn from where a channel is switched off: those that have something left.
std::vector<LearningExample> without(Channel channel, std::span<const LearningExample> examples) {
  std::vector<LearningExample> left;
  for (const LearningExample& example : examples) {
    LearningExample one = example;
    switch_off(channel, one.facts);
    if (one.facts.sessions.empty() && one.facts.calls.empty()) continue;
    one.kind = one.facts.calls.empty() ? ExampleKind::kSessionsOnly : ExampleKind::kCallsOnly;
    left.push_back(std::move(one));
  }
  return left;
}

void show_training(const RunProgress& on_progress, const TrainingProgress& now) {
  if (!on_progress || now.networks == 0 || now.epochs == 0) return;
  const double batches =
      now.batches == 0 ? 0 : static_cast<double>(now.batch) / static_cast<double>(now.batches);
  const double part = (now.network + (now.epoch + batches) / now.epochs) / now.networks;
  std::array<char, 96> detail{};
  std::snprintf(detail.data(), detail.size(), "network %u of %u, epoch %u of %u, loss %.5f", now.network + 1,
                now.networks, now.epoch + 1, now.epochs, now.loss);
  on_progress(kTrainingPart * part, detail.data());
}

Result<TrainedModel> train(const RunKey& key, const RunInputs& inputs, const RunProgress& on_progress) {
  TrainingOptions options = inputs.training;
  options.seed = key.seed;
  options.seeds = 1;
  const auto show = [&](const TrainingProgress& now) { show_training(on_progress, now); };
  if (!key.without)
    return train_model(key.model, inputs.examples.train, inputs.examples.validation, inputs.features, options,
                       show);
  const auto learned = without(*key.without, inputs.examples.train);
  const auto validation = without(*key.without, inputs.examples.validation);
  return train_model(key.model, learned, validation, inputs.features, options, show);
}

/// Which channels are off at a test of the run; nothing: it has no such test.
std::optional<ChangeFacts> change_at(TestChannels test, const RunKey& key) {
  const auto off = [](Channel channel) -> ChangeFacts {
    return [channel](Facts& facts, const LearningExample&) { switch_off(channel, facts); };
  };
  if (key.without) return test == TestChannels::kAll ? std::optional(off(*key.without)) : std::nullopt;
  if (test == TestChannels::kAll) return ChangeFacts();
  return off(test == TestChannels::kWithoutSessions ? Channel::kSessions : Channel::kCalls);
}

Result<void> measure(const RecommenderModel& model, const RunInputs& inputs, FinishedRun& run) {
  const auto recommender = model.make_recommender();
  const ScoreUsers score = [&](std::span<const Facts* const> users, float* scores) {
    return recommender->score(users, scores);
  };
  for (std::size_t test = 0; test < kTestChannels; ++test) {
    const auto change = change_at(static_cast<TestChannels>(test), run.key);
    if (!change) continue;
    EDDY_ASSIGN(run.hits[test], rank_examples(model.scored_model(), score, inputs.examples.test, *change));
  }
  EDDY_ASSIGN(const RefreshCost cost, inputs.timing.measure(*recommender));
  run.refreshes = cost.refreshes;
  run.refresh_microseconds = cost.microseconds;
  return {};
}

}  // namespace

Result<FinishedRun> run_model(const RunKey& key, const RunInputs& inputs, const RunProgress& on_progress) {
  FinishedRun run;
  run.key = key;
  const auto start = system_clock().steady_now();
  const Result<TrainedModel> trained = train(key, inputs, on_progress);
  if (!trained) {
    if (!key.without || trained.error().fault != Fault::kUser) return trained.error();
    run.impossible = trained.error().message;
    return run;
  }
  run.training_seconds = std::chrono::duration<double>(system_clock().steady_now() - start).count();
  if (!trained->seeds.empty()) {
    const SeedOutcome& outcome = trained->seeds[trained->kept];
    run.epochs = outcome.epochs;
    run.loss = outcome.loss;
    run.validation_loss = outcome.validation_loss;
  }
  if (on_progress) on_progress(kTrainingPart, "measuring");
  EDDY_ASSIGN(const auto model, load_model(*trained));
  EDDY_TRY(measure(*model, inputs, run));
  if (on_progress) on_progress(1, "");
  return run;
}

}  // namespace eddy
