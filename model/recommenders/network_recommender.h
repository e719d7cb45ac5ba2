#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/catalogue.h"
#include "model/network_weights.h"
#include "model/recommender_model.h"
#include "model/recommenders/network.h"

namespace eddy {

/// A network with the items that its outputs stand for.
struct ServedNetwork {
  std::shared_ptr<const Catalogue> catalogue;
  std::shared_ptr<const Network> network;
};

/// `name` is what caches know the network by. Errors (user's): weights that do not fit the vocabulary, the
/// catalogue or each other.
Result<ServedNetwork> serve_network(std::string_view name, std::shared_ptr<const Catalogue> catalogue,
                                    std::shared_ptr<const Vocabulary> vocabulary, NetworkWeights weights);

/// For one thread. refresh() costs the reading of what changed and one head, whatever the history's length.
[[nodiscard]] std::unique_ptr<Recommender> make_recommender(const ServedNetwork& served);

/// A model of one network: Conversation, Session, Keyword, Latent feature, … Errors (user's): as above.
Result<std::shared_ptr<const RecommenderModel>> make_network_model(std::string name,
                                                                   std::vector<std::string> tags,
                                                                   std::vector<ItemId> items,
                                                                   NetworkWeights weights);

/// The same from a bundle's parts.
Result<std::shared_ptr<const RecommenderModel>> load_network_model(ModelParts parts);

}  // namespace eddy
