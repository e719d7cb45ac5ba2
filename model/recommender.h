#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "event/recommendation.h"
#include "state/profile/profile.h"

namespace eddy {

/// One user whose scores are wanted. The pointers outlive the call; `scores` has one place per item.
struct RefreshRequest {
  const Facts* facts = nullptr;
  std::unique_ptr<ModelCache>* cache =
      nullptr;  ///< read, renewed or replaced; may hold another model's cache
  float* scores = nullptr;
};

/// A trained model that serves. An instance belongs to one thread (it has scratch memory); the weights behind
/// it are immutable and shared. Items that the user's portfolio excludes score exactly 0.
class Recommender {
 public:
  virtual ~Recommender() = default;

  /// Computes the scores of different users together, starting from their caches where those still fit.
  /// Equal to score() within 1e-5.
  virtual Result<void> refresh(std::span<const RefreshRequest> requests) = 0;

  /// The batch forward pass: from the facts alone. scores[i * items + j] is user i's score of item j.
  virtual Result<void> score(std::span<const Facts* const> users, float* scores) = 0;

  /// Name and items; the same for all instances of one bundle.
  [[nodiscard]] virtual std::shared_ptr<const ScoredModel> model() const = 0;
};

}  // namespace eddy
