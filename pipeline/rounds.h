#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "event/batch.h"
#include "state/profile/profile.h"
#include "state/store/hot_profiles.h"

namespace eddy {

/// Splits a batch into rounds: round r has the r-th event of each user, in the batch's order. So no two items
/// of a round share a profile, and each user's events keep their order. The events of a visitor who was
/// identified as a user, before or in this batch, are that user's.
class Rounds {
 public:
  /// Every item has its profile; `profiles` has them, and those of the visitors that are identified.
  /// `batch_number` differs from the one of the call before. Errors: the store's.
  Result<void> split(std::vector<Item>& items, std::uint64_t batch_number, HotProfiles& profiles);
  [[nodiscard]] std::size_t size() const { return used_; }
  [[nodiscard]] std::span<Item* const> operator[](std::size_t round) const { return rounds_[round]; }

 private:
  /// The profile whose turn an event of `profile` takes.
  Result<Profile*> owner_of(Profile* profile, HotProfiles& profiles);
  Result<Profile*> find(const UserId& user, HotProfiles& profiles);
  [[nodiscard]] Profile* noted(Profile* profile) const;

  std::vector<std::vector<Item*>> rounds_;  // the first used_ are of this batch; the others keep their memory
  std::size_t used_ = 0;
  std::uint64_t batch_number_ = 0;
  std::vector<Profile*> found_;  // scratch memory
};

}  // namespace eddy
