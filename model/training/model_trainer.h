#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/recommender_model.h"
#include "model/training/examples.h"
#include "model/training/feature_set.h"
#include "model/training/training_options.h"

namespace eddy {

/// A model that was trained: what a bundle holds of it, and how training went.
struct TrainedModel {
  std::string kind;                ///< a name of recommender_list.h
  ModelParts parts;                ///< `name` is the kind: the checksum comes with the bundle
  std::size_t terms = 0;           ///< rows of the tables of terms
  std::vector<SeedOutcome> seeds;  ///< none for a model that only counts
  std::size_t kept = 0;            ///< which of the seeds the parts are of
};

/// Whether a model of this kind reads calls as text, by their embedding.
[[nodiscard]] bool reads_text(std::string_view kind);

/// Trains any model of recommender_list.h: chooses features from `train`, encodes both parts once, trains
/// from options.seeds seeds one after the other, and keeps the one with the least validation loss. The same
/// examples, options and seed give the same parts on the same machine. Sets LibTorch's threads and seed for
/// the process: one training at a time. Errors: an unknown kind, no examples of a kind that the model learns
/// from, early stopping or a choice of seeds without validation examples (user's); a failure of LibTorch, or
/// a loss that is no number (internal).
Result<TrainedModel> train_model(std::string_view kind, std::span<const LearningExample> train,
                                 std::span<const LearningExample> validation,
                                 const FeatureOptions& feature_options, const TrainingOptions& options,
                                 const std::function<void(const TrainingProgress&)>& on_progress = {});

/// The model of trained parts, to be measured or served without a bundle.
Result<std::shared_ptr<const RecommenderModel>> load_model(const TrainedModel& trained);

}  // namespace eddy
