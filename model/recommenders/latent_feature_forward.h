#pragma once

#include <span>

#include "base/result.h"
#include "model/recommenders/latent_feature_network.h"

namespace eddy {

/// The batch forward pass: users' scores from their facts alone, by ATen on padded tensors, steps beyond a
/// user's length masked. scores[i · items + j] is user i's score of item j. It shares no arithmetic with
/// LatentFeatureRefresh, which is tested against it. Errors (internal): ATen's.
Result<void> latent_feature_forward(const LatentFeatureNetwork& network, std::span<const Facts* const> users,
                                    float* scores);

}  // namespace eddy
