#include "model/training/generators.h"

#include <algorithm>
#include <utility>

#include "model/networks/layers.h"

namespace eddy {
namespace {

constexpr std::uint32_t kBatch = 128;
constexpr double kDropout = 0.4, kSessionDropout = 0.3;

/// Sessions as steps, and the mean over whole calls.
BatchOptions options_of(const FeatureSet& features) {
  BatchOptions options;
  options.reads_calls = false;
  options.pools_calls = true;
  options.calls = features.options.calls;
  options.embedding = features.embedding;
  return options;
}

/// A generator of one channel from the other; `embedding` makes a call's embedding and does not learn.
template <class Network>
class GeneratorSubject : public TrainingSubject {
 public:
  GeneratorSubject(Network network, NetworkModule embedding, BatchOptions options)
      : network_(std::move(network)), embedding_(std::move(embedding)), options_(options) {}

  torch::nn::Module& module() override { return *network_; }
  [[nodiscard]] std::vector<torch::Tensor> table_parameters() const override { return {}; }
  [[nodiscard]] std::vector<torch::Tensor> dense_parameters() const override {
    return network_->parameters();
  }
  [[nodiscard]] BatchOptions batch_options() const override { return options_; }

 protected:
  [[nodiscard]] torch::Tensor calls_of(const NetworkInput& input) {
    return embedding_->calls_mean(input).detach();
  }

  Network network_;

 private:
  NetworkModule embedding_;
  const BatchOptions options_;
};

class CallGeneratorSubject final : public GeneratorSubject<NetworkModule> {
 public:
  using GeneratorSubject::GeneratorSubject;

  torch::Tensor loss(const TrainingBatch& batch) override {
    const NetworkInput input = to_input(batch);
    return torch::mse_loss(network_->logits(input), calls_of(input));
  }
};

class SessionGeneratorSubject final : public GeneratorSubject<SessionGeneratorModule> {
 public:
  using GeneratorSubject::GeneratorSubject;

  torch::Tensor loss(const TrainingBatch& batch) override {
    const NetworkInput input = to_input(batch);
    const torch::Tensor logits = network_->logits(calls_of(input));
    return torch::binary_cross_entropy_with_logits(logits, sessions_of(batch, input, logits.sizes()));
  }

 private:
  /// [examples × steps × V]; zeros beyond an example's sessions.
  static torch::Tensor sessions_of(const TrainingBatch& batch, const NetworkInput& input,
                                   at::IntArrayRef sizes) {
    torch::Tensor sessions = torch::zeros(sizes);
    const torch::Tensor steps =
        multi_hot(input.tag_ids, input.tag_offsets, static_cast<std::size_t>(sizes[2]));
    std::int64_t begin = 0;
    for (std::int64_t step = 0; step < static_cast<std::int64_t>(batch.batch_sizes.size()); ++step) {
      const std::int64_t count = batch.batch_sizes[static_cast<std::size_t>(step)];
      if (step < sizes[1]) sessions.narrow(0, 0, count).select(1, step).copy_(steps.narrow(0, begin, count));
      begin += count;
    }
    return sessions;
  }
};

void write_calls(const torch::Tensor& embeddings, const TrainingBatch& batch, EncodedExamples& examples) {
  const torch::Tensor rows = embeddings.contiguous();
  const auto width = static_cast<std::size_t>(rows.size(1));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    auto& range = examples.examples[batch.examples[i]].imputed_call;
    range.begin = examples.vectors.size();
    const float* row = rows.data_ptr<float>() + i * width;
    examples.vectors.insert(examples.vectors.end(), row, row + width);
    range.end = examples.vectors.size();
  }
}

void write_sessions(const torch::Tensor& logits, const TrainingBatch& batch, EncodedExamples& examples) {
  const torch::Tensor present = (logits > 0).contiguous();
  const auto steps = present.size(1), tags = present.size(2);
  const bool* value = present.data_ptr<bool>();
  for (const std::uint32_t index : batch.examples) {
    auto& range = examples.examples[index].imputed;
    range.begin = examples.interactions.size();
    for (std::int64_t step = 0; step < steps; ++step) {
      EncodedExamples::Interaction session;
      session.features.begin = examples.features.size();
      for (std::uint32_t tag = 0; tag < tags; ++tag)
        if (*value++) examples.features.push_back(tag);
      session.features.end = examples.features.size();
      if (session.features.size() > 0) examples.interactions.push_back(session);
    }
    range.end = examples.interactions.size();
  }
}

}  // namespace

Result<Generators> train_generators(SeedTraining& training, const NetworkShape& shape,
                                    NetworkModule embedding) {
  Generators generators;
  NetworkPlan plan;
  plan.shape = call_generator_shape(shape);
  plan.dropout = kDropout;
  generators.calls = training.make_network(plan);
  const BatchOptions options = options_of(training.features());
  SeedOutcome not_of_the_scores;
  CallGeneratorSubject calls(generators.calls, embedding, options);
  EDDY_TRY(training.train(calls, kWithBoth, kBatch, training.examples(), not_of_the_scores));
  torch::manual_seed(training.seed());
  generators.sessions = SessionGeneratorModule(shape, kSessionDropout);
  SessionGeneratorSubject sessions(generators.sessions, embedding, options);
  EDDY_TRY(training.train(sessions, kWithBoth, kBatch, training.examples(), not_of_the_scores));
  return generators;
}

void impute(Generators generators, NetworkModule embedding, const FeatureSet& features,
            EncodedExamples& examples) {
  constexpr std::size_t kAtOnce = 512;
  const torch::NoGradGuard no_gradient;
  std::mt19937_64 unused;  // nothing is cut or left out
  for (const ExampleKind kind : {ExampleKind::kSessionsOnly, ExampleKind::kCallsOnly}) {
    std::vector<std::uint32_t> indices;
    for (std::uint32_t i = 0; i < examples.examples.size(); ++i)
      if (examples.examples[i].kind == kind) indices.push_back(i);
    for (std::size_t begin = 0; begin < indices.size(); begin += kAtOnce) {
      const auto some = std::span(indices).subspan(begin, std::min(kAtOnce, indices.size() - begin));
      TrainingBatch batch;
      fill_batch(examples, some, options_of(features), KindWeights{}, unused, batch);
      const NetworkInput input = to_input(batch);
      if (kind == ExampleKind::kSessionsOnly)
        write_calls(generators.calls->logits(input), batch, examples);
      else
        write_sessions(generators.sessions->logits(embedding->calls_mean(input)), batch, examples);
    }
  }
}

}  // namespace eddy
