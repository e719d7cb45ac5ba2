#include "model/training/network_trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace eddy {
namespace {

constexpr std::size_t kValidationBatch = 512;

// Where interactions are summed beside the network, each of the two paths is to predict by itself, too: what
// one of them has learned first the other would else not learn any more. After Lee et al., Deeply-Supervised
// Nets (arXiv 1409.5185).
constexpr double kNetworkAlone = 1;
constexpr double kLinearAlone = 0.3;

/// Smith's 1cycle: half a cosine up over the first 30 %, half a cosine down to almost nothing.
double one_cycle_rate(double top, double done) {
  constexpr double kWarmUp = 0.3, kStart = 1.0 / 25, kEnd = 1e-4 / 25;
  const auto between = [](double from, double to, double part) {
    return to + (from - to) * (1 + std::cos(std::numbers::pi * part)) / 2;
  };
  if (done < kWarmUp) return between(top * kStart, top, done / kWarmUp);
  return between(top, top * kEnd, (done - kWarmUp) / (1 - kWarmUp));
}

std::vector<torch::Tensor> copy_of(const std::vector<torch::Tensor>& parameters) {
  std::vector<torch::Tensor> copies;
  for (const torch::Tensor& parameter : parameters) copies.push_back(parameter.detach().clone());
  return copies;
}

class TrainingLoop {
 public:
  TrainingLoop(TrainingSubject& subject, const TrainingSet& set, const TrainingOptions& options,
               TrainingProgress progress, const std::function<void(const TrainingProgress&)>& on_progress)
      : subject_(subject),
        set_(set),
        options_(options),
        progress_(progress),
        on_progress_(on_progress),
        generator_(options.seed),
        optimizer_(make_groups(), torch::optim::AdamWOptions(options.learning_rate)) {}

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
      if (!set_.validation_examples.empty())
        outcome.validation_loss = progress_.validation_loss = validation_loss();
      if (!stops_early) continue;
      if (outcome.validation_loss < best) {
        best = outcome.validation_loss;
        best_weights = copy_of(subject_.module().parameters());
        since_best = 0;
      } else if (++since_best >= options_.patience) {
        break;
      }
    }
    if (!best_weights.empty()) {
      restore(best_weights);
      outcome.validation_loss = best;
    }
    subject_.module().eval();
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return outcome;
  }

 private:
  std::vector<torch::optim::OptimizerParamGroup> make_groups() {
    const auto group = [&](std::vector<torch::Tensor> parameters, double decay) {
      std::erase_if(parameters, [](const torch::Tensor& parameter) { return !parameter.requires_grad(); });
      auto group_options = std::make_unique<torch::optim::AdamWOptions>(options_.learning_rate);
      group_options->weight_decay(decay);
      return torch::optim::OptimizerParamGroup(std::move(parameters), std::move(group_options));
    };
    return {group(subject_.dense_parameters(), options_.weight_decay),
            group(subject_.table_parameters(), options_.table_weight_decay)};
  }

  void set_learning_rate(double rate) {
    for (auto& group : optimizer_.param_groups()) group.options().set_lr(rate);
  }

  double train_epoch(std::uint32_t epoch) {
    subject_.module().train();
    std::vector<std::uint32_t> order = set_.train_examples;
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
    fill_batch(set_.train, indices, subject_.batch_options(), set_.weights, generator_, batch_);
    optimizer_.zero_grad();
    const torch::Tensor loss = subject_.loss(batch_);
    loss.backward();
    optimizer_.step();
    return loss.item<double>();
  }

  /// Calls are cut as in training, but in each epoch alike, so that the losses compare.
  double validation_loss() {
    const torch::NoGradGuard no_gradient;
    subject_.module().eval();
    BatchOptions options = subject_.batch_options();
    options.term_dropout = options.tag_dropout = 0;
    std::mt19937_64 generator(options_.seed);
    const std::span<const std::uint32_t> examples = set_.validation_examples;
    double sum = 0;
    for (std::size_t begin = 0; begin < examples.size(); begin += kValidationBatch) {
      const auto count = std::min<std::size_t>(kValidationBatch, examples.size() - begin);
      fill_batch(set_.validation, examples.subspan(begin, count), options, set_.weights, generator, batch_);
      sum += subject_.loss(batch_).item<double>() * static_cast<double>(count);
    }
    return sum / static_cast<double>(examples.size());
  }

  void restore(const std::vector<torch::Tensor>& from) {
    const torch::NoGradGuard no_gradient;
    auto parameters = subject_.module().parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].copy_(from[i]);
  }

  TrainingSubject& subject_;
  const TrainingSet& set_;
  const TrainingOptions options_;
  TrainingProgress progress_;
  const std::function<void(const TrainingProgress&)>& on_progress_;
  std::mt19937_64 generator_;
  torch::optim::AdamW optimizer_;
  TrainingBatch batch_;
};

}  // namespace

std::vector<torch::Tensor> NetworkSubject::table_parameters() const {
  return network_->table_parameters();
}

std::vector<torch::Tensor> NetworkSubject::dense_parameters() const {
  return network_->dense_parameters();
}

torch::Tensor NetworkSubject::loss(const TrainingBatch& batch) {
  const auto rows = static_cast<std::int64_t>(batch.size());
  const torch::Tensor labels = torch::tensor(batch.labels).view({rows, -1});
  const torch::Tensor weights = torch::tensor(batch.weights).view({rows, -1});
  const NetworkInput input = to_input(batch);
  const auto cross_entropy = [&](const torch::Tensor& logits) {
    return torch::binary_cross_entropy_with_logits(logits, labels, weights);
  };
  const NetworkPaths paths = network_->paths(input);
  const torch::Tensor logits = paths.sum();
  torch::Tensor loss = cross_entropy(logits);
  if (network_->shape().sums_history())
    loss = loss + kNetworkAlone * cross_entropy(paths.network) +
           kLinearAlone * cross_entropy(paths.linear + network_->bias());
  if (extra_) loss = loss + extra_(input, batch, logits);
  return loss;
}

SeedOutcome run_training(TrainingSubject& subject, const TrainingSet& set, const TrainingOptions& options,
                         TrainingProgress progress,
                         const std::function<void(const TrainingProgress&)>& on_progress) {
  return TrainingLoop(subject, set, options, progress, on_progress).run();
}

}  // namespace eddy
