#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/latent_feature_weights.h"
#include "model/recommender_model.h"

namespace eddy {

/// The default model (DESIGN §7): sessions and calls in one latent space, read by one GRU. refresh() costs
/// one GRU step and one head for an event of the open interaction, whatever the history's length. Errors
/// (user's): weights that do not fit the vocabulary, the catalogue or each other.
Result<std::shared_ptr<const RecommenderModel>> make_latent_feature(std::string name,
                                                                    std::vector<std::string> tags,
                                                                    std::vector<ItemId> items,
                                                                    LatentFeatureWeights weights);

/// The same from a bundle's parts.
Result<std::shared_ptr<const RecommenderModel>> load_latent_feature(ModelParts parts);

}  // namespace eddy
