#pragma once

#include <span>

#include "base/result.h"
#include "model/recommenders/network.h"
#include "state/profile/facts.h"

namespace eddy {

/// The batch forward pass: what a network makes of users from their facts alone, before the sigmoid, by ATen
/// on padded tensors, steps beyond a user's length masked. outputs[i · items + j] is user i's of item j. It
/// shares no arithmetic with NetworkRefresh, which is tested against it. Errors (internal): ATen's.
Result<void> network_forward(const Network& network, std::span<const Facts* const> users, float* outputs);

}  // namespace eddy
