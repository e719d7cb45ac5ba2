#pragma once

#include <ATen/core/Tensor.h>

#include <span>

#include "model/recommenders/network.h"
#include "state/profile/facts.h"

namespace eddy {

/// What users did, padded to the longest sequence: [users × steps × …].
struct PaddedInput {
  at::Tensor tags;              ///< multi-hot, × V; of calls their keywords
  at::Tensor text;              ///< mean embedding, × D
  at::Tensor channel;           ///< × 1; 1 for a call
  at::Tensor follows_purchase;  ///< × 1; 1 where a purchase is right before
  at::Tensor exists;            ///< × 1; 1 up to the user's length
  at::Tensor linear;            ///< [users × I]
  at::Tensor calls;             ///< [users × D]: mean embedding of all calls
};

/// Reads the users' facts for network_forward(), with what is imputed. Throws c10::Error.
[[nodiscard]] PaddedInput pad(const Network& network, std::span<const Facts* const> users);

}  // namespace eddy
