#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/network_weights.h"
#include "model/recommender_model.h"

namespace eddy {

/// Networks that share the users: one for those with calls, one for those with sessions, and perhaps one for
/// those with both.
///
///     a user has       calls          sessions    both                  neither
///     without `both`   conversation   session     mean of the two       mean of the two
///     with it          conversation   session     both                  both
///
/// The first line is Late fusion, the second Knowledge distillation.
struct CombinedNetworks {
  NetworkWeights conversation, session;
  std::optional<NetworkWeights> both;
};

/// For a bundle: the tensors of all, named after their network, and the shapes as a JSON object.
[[nodiscard]] NamedTensors to_tensors(const CombinedNetworks& networks);
[[nodiscard]] std::string to_json_shapes(const CombinedNetworks& networks);

/// Errors (user's): weights that do not fit the vocabulary, the catalogue or each other.
Result<std::shared_ptr<const RecommenderModel>> make_combined_model(std::string name,
                                                                    std::vector<std::string> tags,
                                                                    std::vector<ItemId> items,
                                                                    CombinedNetworks networks);

/// The same from a bundle's parts.
Result<std::shared_ptr<const RecommenderModel>> load_combined_model(ModelParts parts);

}  // namespace eddy
