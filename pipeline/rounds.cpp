#include "pipeline/rounds.h"

#include <algorithm>

#include "state/profile/prefetch.h"

namespace eddy {

Result<void> Rounds::split(std::vector<Item>& items, std::uint64_t batch_number, HotProfiles& profiles) {
  for (std::size_t r = 0; r < used_; ++r) rounds_[r].clear();
  used_ = 0;
  batch_number_ = batch_number;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i + kProfilesAhead < items.size()) prefetch_profile(items[i + kProfilesAhead].profile);
    Item& item = items[i];
    EDDY_ASSIGN(Profile* const owner, owner_of(item.profile, profiles));
    if (const auto* identify = std::get_if<Identify>(&item.event.body)) {
      EDDY_ASSIGN(Profile* const own, find(identify->visitor, profiles));
      EDDY_ASSIGN(Profile* const visitor, owner_of(own, profiles));
      if (visitor != owner) {
        // From here on both take turns together, behind what either has had.
        owner->events_in_batch = std::max(owner->events_in_batch, visitor->events_in_batch);
        visitor->owner_in_batch = owner;
      }
    }
    const std::size_t round = owner->events_in_batch++;
    while (used_ <= round) {
      ++used_;
      if (rounds_.size() < used_) rounds_.emplace_back();
    }
    rounds_[round].push_back(&item);
  }
  return {};
}

Result<Profile*> Rounds::owner_of(Profile* profile, HotProfiles& profiles) {
  // Redirects have an end; the bound is for a store that was written by something else.
  constexpr int kMostRedirects = 64;
  profile = noted(profile);
  for (int i = 0; i < kMostRedirects; ++i) {
    if (profile->owner_in_batch == nullptr) {
      if (!profile->facts.identified_as) break;
      EDDY_ASSIGN(profile->owner_in_batch, find(profile->facts.identified_as->user, profiles));
    }
    profile = noted(profile->owner_in_batch);
  }
  return profile;
}

Result<Profile*> Rounds::find(const UserId& user, HotProfiles& profiles) {
  EDDY_TRY(profiles.find(std::span(&user, 1), found_));
  return noted(found_.front());
}

/// With notes of this batch.
Profile* Rounds::noted(Profile* profile) const {
  if (profile->batch_number != batch_number_) {
    profile->batch_number = batch_number_;
    profile->events_in_batch = 0;
    profile->owner_in_batch = nullptr;
  }
  return profile;
}

}  // namespace eddy
