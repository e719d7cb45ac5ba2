#include "state/store/memory_profile_store.h"

#include "state/profile/profile_codec.h"

namespace eddy {

Result<void> MemoryProfileStore::load(std::span<const UserId> users, std::span<std::optional<Facts>> facts) {
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < users.size(); ++i) {
    facts[i].reset();
    const auto found = profiles_.find(users[i]);
    if (found == profiles_.end()) continue;
    EDDY_ASSIGN(facts[i], decode_facts(found->second));
  }
  return {};
}

Result<void> MemoryProfileStore::commit(const UnitOfCommit& unit) {
  const MutexLock lock(mutex_);
  for (const auto& [user, bytes] : unit.profiles) {
    if (bytes.empty()) {
      profiles_.erase(user);
    } else {
      profiles_.insert_or_assign(user, bytes);
    }
  }
  for (const auto& [place, offset] : unit.positions) positions_.insert_or_assign(place, offset);
  if (unit.changelog) changelog_ = unit.changelog;
  return {};
}

Result<Positions> MemoryProfileStore::positions() {
  const MutexLock lock(mutex_);
  return positions_;
}

Result<std::optional<ChangelogMark>> MemoryProfileStore::changelog() {
  const MutexLock lock(mutex_);
  return changelog_;
}

Result<void> MemoryProfileStore::clear() {
  const MutexLock lock(mutex_);
  profiles_.clear();
  positions_.clear();
  changelog_.reset();
  return {};
}

Result<void> MemoryProfileStore::for_each_after(const UserId* after, const Visit& visit) {
  // The visitor may call back, so it sees a copy.
  std::map<UserId, std::string> profiles;
  {
    const MutexLock lock(mutex_);
    profiles = profiles_;
  }
  for (auto place = after == nullptr ? profiles.begin() : profiles.upper_bound(*after);
       place != profiles.end(); ++place) {
    EDDY_ASSIGN(Facts facts, decode_facts(place->second));
    if (!visit(place->first, std::move(facts))) break;
  }
  return {};
}

Result<void> MemoryProfileStore::flush() {
  return {};
}

}  // namespace eddy
