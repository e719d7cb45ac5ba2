#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/features/session_features.h"
#include "model/recommenders/network.h"
#include "model/recommenders/network_cache.h"

namespace eddy {

/// The part of LinearPath::kSincePurchase that does not come from the last interaction. Has scratch memory:
/// for one thread at a time.
class LinearHistory {
 public:
  explicit LinearHistory(std::shared_ptr<const Network> network);

  /// Adds the parts of `settled`, the interactions since the last purchase but for the last one, to `linear`,
  /// [I]. Their sum is kept.
  void add(std::span<const Interaction> settled, HistorySum& kept, float* linear);

 private:
  void add_interaction(const Interaction& interaction, std::vector<float>& sum);
  void add_vector(const CallFacts& call, std::vector<float>& sum);

  const std::shared_ptr<const Network> network_;
  SessionTags session_tags_;
  std::vector<std::uint32_t> indices_;
  std::vector<float> part_;    // [I]
  std::vector<float> vector_;  // [D]
};

}  // namespace eddy
