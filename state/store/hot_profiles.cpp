#include "state/store/hot_profiles.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "state/profile/prefetch.h"
#include "state/profile/profile_codec.h"

namespace eddy {

/// A profile as the cache keeps it. Its life:
///
///     clean ──mark_changed──▶ changed ──take_unit──▶ in unit n ──unit_applied × n──▶ clean
///                                ▲                      │
///                                └─────mark_changed─────┘
///
/// Only a clean one may be dropped: what the store returns for the others is older than what is here.
struct HotProfiles::Entry : Profile {
  const UserId* user = nullptr;  // the key in entries_
  std::list<Entry*>::iterator use;
  std::size_t bytes = 0;
  std::uint64_t last_unit = 0;  // units are counted from 1; 0: in none
  bool is_changed = false;
};

namespace {

// The rest of the entry, the map's node and bucket, the list's node, and malloc's own bytes.
constexpr std::size_t kBytesBesideProfile = 192;

std::size_t heap_bytes(const std::string& text) {
  constexpr std::size_t kBytesInPlace = 15;
  return text.capacity() > kBytesInPlace ? text.capacity() + 1 : 0;
}

}  // namespace

HotProfiles::HotProfiles(ProfileStore& store, std::size_t budget_bytes)
    : store_(store), budget_bytes_(budget_bytes) {}

HotProfiles::~HotProfiles() = default;

HotProfiles::Entry& HotProfiles::insert(const UserId& user) {
  const auto [place, is_new] = entries_.try_emplace(user);
  if (!is_new) return *place->second;
  place->second = std::make_unique<Entry>();
  Entry& entry = *place->second;
  entry.user = &place->first;
  by_use_.push_front(&entry);
  entry.use = by_use_.begin();
  return entry;
}

Result<void> HotProfiles::find(std::span<const UserId> users, std::vector<Profile*>& out) {
  out.assign(users.size(), nullptr);
  std::vector<UserId> missing;
  std::vector<std::size_t> missing_at;
  for (std::size_t i = 0; i < users.size(); ++i) {
    const auto found = entries_.find(users[i]);
    if (found == entries_.end()) {
      missing.push_back(users[i]);
      missing_at.push_back(i);
      continue;
    }
    ++hits_;
    by_use_.splice(by_use_.begin(), by_use_, found->second->use);
    out[i] = found->second.get();
  }
  if (missing.empty()) return {};
  // The store first: after an error nothing has entered, and an empty profile is not taken for the stored
  // one.
  std::vector<std::optional<Facts>> facts(missing.size());
  EDDY_TRY(store_.load(missing, facts));
  for (std::size_t m = 0; m < missing.size(); ++m) {
    Entry& entry = insert(missing[m]);
    out[missing_at[m]] = &entry;
    if (entry.bytes > 0) {  // named twice in `users`
      ++hits_;
      continue;
    }
    ++misses_;
    if (facts[m]) entry.facts = std::move(*facts[m]);
    resized(&entry);
  }
  return {};
}

Result<void> HotProfiles::scan(const UserId* after, std::size_t most,
                               std::vector<std::pair<UserId, Profile*>>& out) {
  out.clear();
  if (most == 0) return {};
  std::vector<std::pair<UserId, Facts>> stored;
  EDDY_TRY(store_.for_each_after(after, [&](const UserId& user, Facts&& facts) {
    stored.emplace_back(user, std::move(facts));
    return stored.size() < most;
  }));
  for (auto& [user, facts] : stored) {
    const auto found = entries_.find(user);
    Entry* entry = found == entries_.end() ? nullptr : found->second.get();
    if (entry == nullptr) {
      entry = &insert(user);
      by_use_.splice(by_use_.end(), by_use_, entry->use);
      entry->facts = std::move(facts);
      resized(entry);
    }
    out.emplace_back(std::move(user), entry);
  }
  return {};
}

const UserId& HotProfiles::user_of(const Profile& profile) {
  return *static_cast<const Entry&>(profile).user;
}

void HotProfiles::mark_changed(Profile* profile) {
  auto* entry = static_cast<Entry*>(profile);
  if (entry->is_changed) return;
  entry->is_changed = true;
  changed_.push_back(entry);
}

UnitOfCommit HotProfiles::take_unit(Positions positions) {
  UnitOfCommit unit;
  unit.positions = std::move(positions);
  unit.profiles.reserve(changed_.size());
  ++taken_units_;
  // In the order of their keys, the store writes them side by side.
  std::sort(changed_.begin(), changed_.end(),
            [](const Entry* left, const Entry* right) { return *left->user < *right->user; });
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    Entry* const entry = changed_[i];
    if (i + 2 * kProfilesAhead < changed_.size()) prefetch_profile(changed_[i + 2 * kProfilesAhead]);
    prefetch_facts_ahead(i, changed_.size(), [&](std::size_t at) { return &changed_[at]->facts; });
    std::string& bytes = unit.profiles.emplace_back(*entry->user, std::string()).second;
    if (!entry->facts.empty()) encode_facts(entry->facts, bytes);
    entry->is_changed = false;
    entry->last_unit = taken_units_;
    resized(entry);
  }
  changed_.clear();
  return unit;
}

void HotProfiles::trim() {
  if (bytes_ <= budget_bytes_) return;
  const std::uint64_t applied = applied_units_.load(std::memory_order_acquire);
  auto use = by_use_.end();
  while (bytes_ > budget_bytes_ && use != by_use_.begin()) {
    --use;
    Entry* entry = *use;
    if (entry->is_changed || entry->last_unit > applied) continue;
    bytes_ -= entry->bytes;
    use = by_use_.erase(use);
    entries_.erase(entries_.find(*entry->user));
  }
}

void HotProfiles::resized(Profile* profile) {
  auto* entry = static_cast<Entry*>(profile);
  if (entry->is_changed) return;
  const std::size_t bytes = entry->memory_bytes() + heap_bytes(entry->user->value()) + kBytesBesideProfile;
  bytes_ += bytes - entry->bytes;
  entry->bytes = bytes;
}

}  // namespace eddy
