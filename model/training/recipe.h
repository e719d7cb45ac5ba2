#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/networks/network_module.h"
#include "model/training/network_trainer.h"

namespace eddy {

/// Which kinds of examples a network learns from.
struct ExampleKinds {
  bool sessions_only = true, calls_only = true, both = true;

  [[nodiscard]] bool has(ExampleKind kind) const;
};
inline constexpr ExampleKinds kWithSession{true, false, true};
inline constexpr ExampleKinds kWithCall{false, true, true};
inline constexpr ExampleKinds kWithBoth{false, false, true};

/// One network of a model: what it reads, and how the paper trains it.
struct NetworkPlan {
  NetworkShape shape;
  double dropout = 0.3;
  std::uint32_t batch_size = 512;
  ExampleKinds learns_from;
  double tag_dropout = 0;     ///< probability with which a tag is left out in training
  bool recent_prior = false;  ///< the scores are moved to the items' recent shares (recent_prior.h)
  bool weighs_kinds = false;  ///< kind_weights()
  NetworkSubject::ExtraLoss extra_loss;
};

/// What one seed makes of a model.
struct SeedResult {
  NamedTensors tensors;
  std::string options;  ///< of the bundle
  SeedOutcome outcome;
};

/// The examples to learn from, and those to choose by.
struct ExampleParts {
  const EncodedExamples& train;
  const EncodedExamples& validation;
};

/// What a recipe works with: the examples, and the training of a network. For one seed.
class SeedTraining {
 public:
  SeedTraining(const FeatureSet& features, ExampleParts examples, TrainingOptions options,
               TrainingProgress progress, const std::function<void(const TrainingProgress&)>& on_progress)
      : features_(features),
        examples_(examples),
        options_(options),
        progress_(progress),
        on_progress_(on_progress) {}

  /// A shape with what the features decide filled in; everything else as in Latent feature.
  [[nodiscard]] NetworkShape shape() const;

  /// A network with the plan's shape, untrained; its random numbers begin at the seed.
  [[nodiscard]] NetworkModule make_network(const NetworkPlan& plan) const;

  /// Trains it on `examples`; adds to `outcome`. Errors (user's): none of the kinds that it learns from.
  Result<void> train(const NetworkPlan& plan, NetworkModule network, ExampleParts examples,
                     SeedOutcome& outcome);
  /// The same for anything else that learns from these kinds of examples.
  Result<void> train(TrainingSubject& subject, const ExampleKinds& kinds, std::uint32_t batch_size,
                     ExampleParts examples, SeedOutcome& outcome);

  [[nodiscard]] const FeatureSet& features() const { return features_; }
  [[nodiscard]] ExampleParts examples() const { return examples_; }
  [[nodiscard]] std::uint64_t seed() const { return options_.seed; }
  /// What a network of this shape reads in training.
  [[nodiscard]] BatchOptions batch_options(const NetworkShape& shape) const;

 private:
  [[nodiscard]] TrainingOptions completed(std::uint32_t batch_size, std::size_t examples) const;
  Result<void> run(TrainingSubject& subject, const TrainingSet& set, const ExampleKinds& kinds,
                   std::uint32_t batch_size, SeedOutcome& outcome);

  const FeatureSet& features_;
  const ExampleParts examples_;
  const TrainingOptions options_;
  TrainingProgress progress_;
  const std::function<void(const TrainingProgress&)>& on_progress_;
};

/// How a kind of model is made.
struct Recipe {
  std::string_view kind;
  std::uint32_t networks = 1;  ///< that are trained for each seed
  enum class Calls : std::uint8_t { kUnread, kEmbedding, kKeywords } calls = Calls::kEmbedding;
  Result<SeedResult> (*make)(SeedTraining& training) = nullptr;
  bool terms_beside_vectors = false;  ///< FeatureOptions::terms_beside_vectors
};

/// Null for a kind that is not trained as networks.
[[nodiscard]] const Recipe* find_recipe(std::string_view kind);

}  // namespace eddy
