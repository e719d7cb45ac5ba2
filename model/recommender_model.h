#pragma once

#include <memory>
#include <string>
#include <vector>

#include "event/ids.h"
#include "event/recommendation.h"
#include "model/recommender.h"
#include "model/tensor_file.h"

namespace eddy {

/// What a bundle holds of a model, decoded and verified.
struct ModelParts {
  std::string name;               ///< ScoredModel::name: kind and checksum
  std::vector<std::string> tags;  ///< the vocabulary
  std::vector<ItemId> items;      ///< the catalogue
  NamedTensors tensors;
  std::string options = "{}";  ///< JSON object
};

/// A loaded model: immutable, shared by all threads.
class RecommenderModel {
 public:
  virtual ~RecommenderModel() = default;
  [[nodiscard]] virtual const std::shared_ptr<const ScoredModel>& scored_model() const = 0;
  /// A serving instance for one thread; it keeps what it needs of the model alive.
  [[nodiscard]] virtual std::unique_ptr<Recommender> make_recommender() const = 0;
};

}  // namespace eddy
