#pragma once

#include <span>

#include "model/recommender_model.h"

namespace eddy {

/// The tensors of a Popular model: each item's share of the purchases in training, 0..1.
[[nodiscard]] NamedTensors popular_tensors(std::span<const float> item_shares);

/// Every user gets the same scores, the items' shares, but for the portfolio. Errors (user's): no shares, or
/// not one for each item.
Result<std::shared_ptr<const RecommenderModel>> load_popular(ModelParts parts);

}  // namespace eddy
