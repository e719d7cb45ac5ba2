#include "pipeline/rounds.h"

namespace eddy {

void Rounds::split(std::vector<Item>& items, std::uint64_t batch_number) {
  for (std::size_t r = 0; r < used_; ++r) rounds_[r].clear();
  used_ = 0;
  for (Item& item : items) {
    Profile& profile = *item.profile;
    if (profile.batch_number != batch_number) {
      profile.batch_number = batch_number;
      profile.events_in_batch = 0;
    }
    const std::size_t round = profile.events_in_batch++;
    if (round == used_) {
      ++used_;
      if (rounds_.size() < used_) rounds_.emplace_back();
    }
    rounds_[round].push_back(&item);
  }
}

}  // namespace eddy
