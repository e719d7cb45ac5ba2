#include "model/training/latent_feature_trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include "model/networks/latent_feature_module.h"

namespace eddy {
namespace {

constexpr std::size_t kPaperBatch = 512, kLeastBatch = 32, kLeastBatches = 50;

TrainingOptions completed(TrainingOptions options, std::size_t examples) {
  const bool one_cycle = options.schedule == TrainingSchedule::kOneCycle;
  if (options.epochs == 0) options.epochs = one_cycle ? 30 : 100;
  if (options.learning_rate == 0) options.learning_rate = one_cycle ? 0.004 : 0.001;
  if (options.batch_size == 0) {
    options.batch_size =
        static_cast<std::uint32_t>(std::clamp(examples / kLeastBatches, kLeastBatch, kPaperBatch));
  }
  return options;
}

/// Smith's 1cycle: half a cosine up over the first 30 %, half a cosine down to almost nothing.
double one_cycle_rate(double top, double done) {
  constexpr double kWarmUp = 0.3, kStart = 1.0 / 25, kEnd = 1e-4 / 25;
  const auto between = [](double from, double to, double part) {
    return to + (from - to) * (1 + std::cos(std::numbers::pi * part)) / 2;
  };
  if (done < kWarmUp) return between(top * kStart, top, done / kWarmUp);
  return between(top, top * kEnd, (done - kWarmUp) / (1 - kWarmUp));
}

std::vector<float> label_shares(const EncodedExamples& examples) {
  std::vector<float> shares(examples.items, 0.0F);
  for (const auto& example : examples.examples)
    for (std::uint64_t i = example.bought.begin; i < example.bought.end; ++i)
      shares[examples.labels[i]] += 1.0F;
  for (float& share : shares) share /= static_cast<float>(std::max<std::size_t>(1, examples.examples.size()));
  return shares;
}

std::vector<torch::Tensor> copy_of(const std::vector<torch::Tensor>& parameters) {
  std::vector<torch::Tensor> copies;
  for (const torch::Tensor& parameter : parameters) copies.push_back(parameter.detach().clone());
  return copies;
}

/// Trains one network from one seed.
class SeedTrainer {
 public:
  SeedTrainer(const FeatureSet& features, const EncodedExamples& train, const EncodedExamples& validation,
              const TrainingOptions& options, TrainingProgress progress,
              const std::function<void(const TrainingProgress&)>& on_progress)
      : train_(train),
        validation_(validation),
        options_(options),
        weights_(kind_weights(train)),
        progress_(progress),
        on_progress_(on_progress),
        generator_(options.seed),
        network_(make_network(features, options)),
        optimizer_(make_groups(), torch::optim::AdamWOptions(options.learning_rate)) {
    network_->set_prior(label_shares(train));
  }

  SeedOutcome run() {
    const auto start = std::chrono::steady_clock::now();
    SeedOutcome outcome{options_.seed, 0, 0, 0, 0};
    const bool stops_early = options_.schedule == TrainingSchedule::kEarlyStopping;
    double best = std::numeric_limits<double>::infinity();
    std::vector<torch::Tensor> best_weights;
    std::uint32_t since_best = 0;
    for (std::uint32_t epoch = 0; epoch < options_.epochs; ++epoch) {
      outcome.loss = train_epoch(epoch);
      outcome.epochs = epoch + 1;
      if (!std::isfinite(outcome.loss)) break;
      if (!validation_.examples.empty())
        outcome.validation_loss = progress_.validation_loss = validation_loss();
      if (!stops_early) continue;
      if (outcome.validation_loss < best) {
        best = outcome.validation_loss;
        best_weights = copy_of(network_->parameters());
        since_best = 0;
      } else if (++since_best >= options_.patience) {
        break;
      }
    }
    if (!best_weights.empty()) {
      restore(best_weights);
      outcome.validation_loss = best;
    }
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return outcome;
  }

  [[nodiscard]] LatentFeatureWeights weights() const { return network_->weights(); }

 private:
  static LatentFeatureModule make_network(const FeatureSet& features, const TrainingOptions& options) {
    torch::manual_seed(options.seed);
    LatentFeatureShape shape;
    shape.tags = features.tags.size();
    shape.terms = features.term_buckets.size();
    shape.items = features.items.size();
    shape.buckets = features.options.buckets;
    shape.max_ngram = features.options.max_ngram;
    shape.customer_only = features.options.customer_only;
    shape.max_interactions = features.options.max_interactions;
    return LatentFeatureModule(shape, features.term_buckets, options.dropout, options.linear_path);
  }

  std::vector<torch::optim::OptimizerParamGroup> make_groups() {
    const auto group = [&](const std::vector<torch::Tensor>& parameters, double decay) {
      auto group_options = std::make_unique<torch::optim::AdamWOptions>(options_.learning_rate);
      group_options->weight_decay(decay);
      return torch::optim::OptimizerParamGroup(parameters, std::move(group_options));
    };
    return {group(network_->dense_parameters(), options_.weight_decay),
            group(network_->table_parameters(), options_.table_weight_decay)};
  }

  void set_learning_rate(double rate) {
    for (auto& group : optimizer_.param_groups()) group.options().set_lr(rate);
  }

  torch::Tensor loss_of(const TrainingBatch& batch) {
    const auto rows = static_cast<std::int64_t>(batch.size());
    const torch::Tensor labels = torch::tensor(batch.labels).view({rows, -1});
    const torch::Tensor weights = torch::tensor(batch.weights).view({rows, -1});
    return torch::binary_cross_entropy_with_logits(network_->logits(to_input(batch)), labels, weights);
  }

  double train_epoch(std::uint32_t epoch) {
    network_->train();
    std::vector<std::uint32_t> order(train_.examples.size());
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[generator_() % i]);
    const std::size_t batches = (order.size() + options_.batch_size - 1) / options_.batch_size;
    progress_.epoch = epoch;
    progress_.epochs = options_.epochs;
    progress_.batches = batches;
    double sum = 0;
    for (std::size_t i = 0; i < batches; ++i) {
      if (options_.schedule == TrainingSchedule::kOneCycle) {
        const auto done = static_cast<double>(epoch * batches + i);
        set_learning_rate(
            one_cycle_rate(options_.learning_rate, done / static_cast<double>(options_.epochs * batches)));
      }
      const std::size_t begin = i * options_.batch_size;
      const std::size_t count = std::min<std::size_t>(options_.batch_size, order.size() - begin);
      sum += train_batch(std::span(order).subspan(begin, count)) * static_cast<double>(count);
      progress_.batch = i + 1;
      progress_.loss = sum / static_cast<double>(begin + count);
      if (on_progress_) on_progress_(progress_);
    }
    return sum / static_cast<double>(order.size());
  }

  double train_batch(std::span<const std::uint32_t> indices) {
    fill_batch(train_, indices, {options_.cut_calls, options_.term_dropout}, weights_, generator_, batch_);
    optimizer_.zero_grad();
    const torch::Tensor loss = loss_of(batch_);
    loss.backward();
    optimizer_.step();
    return loss.item<double>();
  }

  /// Calls are cut as in training, but in each epoch alike, so that the losses compare.
  double validation_loss() {
    const torch::NoGradGuard no_gradient;
    network_->eval();
    std::mt19937_64 generator(options_.seed);
    std::vector<std::uint32_t> indices;
    double sum = 0;
    for (std::uint32_t begin = 0; begin < validation_.examples.size(); begin += kPaperBatch) {
      const auto count = std::min<std::size_t>(kPaperBatch, validation_.examples.size() - begin);
      indices.resize(count);
      std::iota(indices.begin(), indices.end(), begin);
      fill_batch(validation_, indices, {options_.cut_calls, 0}, weights_, generator, batch_);
      sum += loss_of(batch_).item<double>() * static_cast<double>(count);
    }
    return sum / static_cast<double>(validation_.examples.size());
  }

  void restore(const std::vector<torch::Tensor>& from) {
    const torch::NoGradGuard no_gradient;
    auto parameters = network_->parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].copy_(from[i]);
  }

  const EncodedExamples& train_;
  const EncodedExamples& validation_;
  const TrainingOptions options_;
  const KindWeights weights_;
  TrainingProgress progress_;
  const std::function<void(const TrainingProgress&)>& on_progress_;
  std::mt19937_64 generator_;
  LatentFeatureModule network_;
  torch::optim::AdamW optimizer_;
  TrainingBatch batch_;
};

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

}  // namespace

Result<TrainedLatentFeature> train_latent_feature(
    std::span<const LearningExample> train, std::span<const LearningExample> validation,
    const FeatureOptions& feature_options, const TrainingOptions& options,
    const std::function<void(const TrainingProgress&)>& on_progress) {
  EDDY_TRY(check(train, validation, options));
  TrainedLatentFeature trained;
  trained.features = choose_features(train, feature_options);
  const EncodedExamples encoded_train = encode_examples(train, trained.features);
  const EncodedExamples encoded_validation = encode_examples(validation, trained.features);
  TrainingOptions seed_options = completed(options, train.size());
  TrainingProgress progress;
  progress.networks = std::max<std::uint32_t>(1, options.seeds);
  double best = std::numeric_limits<double>::infinity();
  try {
    at::set_num_threads(options.threads);
    for (progress.network = 0; progress.network < progress.networks; ++progress.network) {
      seed_options.seed = options.seed + progress.network;
      SeedTrainer trainer(trained.features, encoded_train, encoded_validation, seed_options, progress,
                          on_progress);
      const SeedOutcome outcome = trainer.run();
      trained.seeds.push_back(outcome);
      if (!std::isfinite(outcome.loss))
        return internal_error("the training loss is no number any more; try a smaller --learning-rate");
      const double measure = validation.empty() ? outcome.loss : outcome.validation_loss;
      if (measure >= best) continue;
      best = measure;
      trained.kept = progress.network;
      trained.weights = trainer.weights();
    }
  } catch (const std::exception& error) {
    return internal_error(std::string("LibTorch: ") + error.what(), "training");
  }
  if (trained.weights.output.empty())
    return internal_error("the validation loss is no number; try a smaller --learning-rate");
  return trained;
}

}  // namespace eddy
