#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "event/batch.h"
#include "state/profile/profile.h"

namespace eddy {

/// Splits a batch into rounds: round r has the r-th event of each user, in the batch's order. So no two items
/// of a round share a profile, and each user's events keep their order.
class Rounds {
 public:
  /// Every item has its profile. `batch_number` differs from the one of the call before.
  void split(std::vector<Item>& items, std::uint64_t batch_number);
  [[nodiscard]] std::size_t size() const { return used_; }
  [[nodiscard]] std::span<Item* const> operator[](std::size_t round) const { return rounds_[round]; }

 private:
  std::vector<std::vector<Item*>> rounds_;  // the first used_ are of this batch; the others keep their memory
  std::size_t used_ = 0;
};

}  // namespace eddy
