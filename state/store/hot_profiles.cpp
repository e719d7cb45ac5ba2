#include "state/store/hot_profiles.h"

#include <algorithm>
#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>
#include <functional>
#include <optional>

#include "state/profile/prefetch.h"
#include "state/profile/profile_codec.h"

namespace eddy {
namespace {

using ByUser =
    boost::intrusive::unordered_set_base_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>,
                                              boost::intrusive::store_hash<true>>;
using ByUse = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>>;

}  // namespace

/// A profile as the cache keeps it. Its life:
///
///     clean ──mark_changed──▶ changed ──take_unit──▶ in unit n ──unit_applied × n──▶ clean
///                                ▲                      │
///                                └─────mark_changed─────┘
///
/// Only a clean one may be dropped: what the store returns for the others is older than what is here.
struct HotProfiles::Entry : Profile, ByUser, ByUse {
  explicit Entry(const UserId& its_user) : user(its_user) {}

  const UserId user;
  std::size_t bytes = 0;
  std::uint64_t last_unit = 0;  // units are counted from 1; 0: in none
  bool is_changed = false;
};

namespace {

// The rest of the entry, its bucket, and malloc's own bytes.
constexpr std::size_t kBytesBesideProfile = 128;

std::size_t heap_bytes(const std::string& text) {
  constexpr std::size_t kBytesInPlace = 15;
  return text.capacity() > kBytesInPlace ? text.capacity() + 1 : 0;
}

}  // namespace

/// All entries, by their user and by their use. Nothing is allocated but the buckets: what links an entry
/// lies in it, so that a lookup reads a bucket and the entries behind it, which can be asked for ahead.
struct HotProfiles::Entries {
  struct Hash {
    std::size_t operator()(const Entry& entry) const { return std::hash<UserId>{}(entry.user); }
  };
  struct Equal {
    bool operator()(const Entry& left, const Entry& right) const { return left.user == right.user; }
    bool operator()(const UserId& left, const Entry& right) const { return left == right.user; }
    bool operator()(const Entry& left, const UserId& right) const { return left.user == right; }
  };
  using Table = boost::intrusive::unordered_set<Entry, boost::intrusive::base_hook<ByUser>,
                                                boost::intrusive::hash<Hash>, boost::intrusive::equal<Equal>,
                                                boost::intrusive::power_2_buckets<true>>;
  using Bucket = Table::bucket_type;
  static constexpr std::size_t kFirstBuckets = 64;  // a power of two, as all later numbers

  Entries() = default;
  ~Entries() {
    by_use.clear();
    by_user.clear_and_dispose(std::default_delete<Entry>());
  }
  Entries(const Entries&) = delete;
  Entries& operator=(const Entries&) = delete;

  /// Null: not in memory.
  Entry* find(const UserId& user, std::size_t hash) {
    const auto found = by_user.find(
        user, [hash](const UserId&) { return hash; }, Equal());
    return found == by_user.end() ? nullptr : &*found;
  }
  void add(std::unique_ptr<Entry> entry, std::size_t hash) {
    Table::insert_commit_data place;
    by_user.insert_check(
        entry->user, [hash](const UserId&) { return hash; }, Equal(), place);
    by_use.push_front(*entry);
    by_user.insert_commit(*entry.release(), place);
    if (by_user.size() <= by_user.bucket_count()) return;
    std::vector<Bucket> more(2 * by_user.bucket_count());
    by_user.rehash({more.data(), more.size()});
    buckets.swap(more);  // its elements stay where they are
  }
  void remove(Entry& entry) {
    by_use.erase(by_use.iterator_to(entry));
    by_user.erase_and_dispose(by_user.iterator_to(entry), std::default_delete<Entry>());
  }
  void used(Entry& entry) { by_use.splice(by_use.begin(), by_use, by_use.iterator_to(entry)); }

  [[nodiscard]] std::size_t bucket_of(std::size_t hash) const { return hash & (buckets.size() - 1); }
  void prefetch_bucket(std::size_t hash) const { __builtin_prefetch(&buckets[bucket_of(hash)]); }
  /// The first entry of a bucket that is in the processor's caches: most often the one that is looked for.
  void prefetch_entry(std::size_t hash) {
    const auto first = by_user.begin(bucket_of(hash));
    if (first == by_user.end(bucket_of(hash))) return;
    prefetch_bytes(&*first, sizeof(Entry));
  }

  std::vector<Bucket> buckets{kFirstBuckets};
  Table by_user{Table::bucket_traits(buckets.data(), buckets.size())};
  boost::intrusive::list<Entry, boost::intrusive::base_hook<ByUse>,
                         boost::intrusive::constant_time_size<false>>
      by_use;  // most recently used first
};

HotProfiles::HotProfiles(ProfileStore& store, std::size_t budget_bytes)
    : store_(store), budget_bytes_(budget_bytes), entries_(std::make_unique<Entries>()) {}

HotProfiles::~HotProfiles() = default;

std::size_t HotProfiles::size() const {
  return entries_->by_user.size();
}

HotProfiles::Entry& HotProfiles::insert(const UserId& user, std::size_t hash) {
  if (Entry* const present = entries_->find(user, hash)) return *present;
  auto made = std::make_unique<Entry>(user);
  Entry& entry = *made;
  entries_->add(std::move(made), hash);
  return entry;
}

Result<void> HotProfiles::find(std::span<const UserId> users, std::vector<Profile*>& out) {
  out.assign(users.size(), nullptr);
  hashes_.resize(users.size());
  for (std::size_t i = 0; i < users.size(); ++i) {
    hashes_[i] = std::hash<UserId>{}(users[i]);
    entries_->prefetch_bucket(hashes_[i]);
  }
  std::vector<UserId> missing;
  std::vector<std::size_t> missing_at;
  for (std::size_t i = 0; i < std::min(kProfilesAhead, users.size()); ++i)
    entries_->prefetch_entry(hashes_[i]);
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (i + kProfilesAhead < users.size()) entries_->prefetch_entry(hashes_[i + kProfilesAhead]);
    Entry* const found = entries_->find(users[i], hashes_[i]);
    if (found == nullptr) {
      missing.push_back(users[i]);
      missing_at.push_back(i);
      continue;
    }
    ++hits_;
    entries_->used(*found);
    out[i] = found;
  }
  if (missing.empty()) return {};
  // The store first: after an error nothing has entered, and an empty profile is not taken for the stored
  // one.
  std::vector<std::optional<Facts>> facts(missing.size());
  EDDY_TRY(store_.load(missing, facts));
  for (std::size_t m = 0; m < missing.size(); ++m) {
    Entry& entry = insert(missing[m], hashes_[missing_at[m]]);
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
    const std::size_t hash = std::hash<UserId>{}(user);
    Entry* entry = entries_->find(user, hash);
    if (entry == nullptr) {
      entry = &insert(user, hash);
      entries_->by_use.splice(entries_->by_use.end(), entries_->by_use, entries_->by_use.iterator_to(*entry));
      entry->facts = std::move(facts);
      resized(entry);
    }
    out.emplace_back(std::move(user), entry);
  }
  return {};
}

const UserId& HotProfiles::user_of(const Profile& profile) {
  return static_cast<const Entry&>(profile).user;
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
            [](const Entry* left, const Entry* right) { return left->user < right->user; });
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    Entry* const entry = changed_[i];
    if (i + 2 * kProfilesAhead < changed_.size()) prefetch_profile(changed_[i + 2 * kProfilesAhead]);
    prefetch_facts_ahead(i, changed_.size(), [&](std::size_t at) { return &changed_[at]->facts; });
    std::string& bytes = unit.profiles.emplace_back(entry->user, std::string()).second;
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
  auto use = entries_->by_use.end();
  while (bytes_ > budget_bytes_ && use != entries_->by_use.begin()) {
    --use;
    Entry& entry = *use;
    if (entry.is_changed || entry.last_unit > applied) continue;
    bytes_ -= entry.bytes;
    ++use;
    entries_->remove(entry);
  }
}

void HotProfiles::resized(Profile* profile) {
  auto* entry = static_cast<Entry*>(profile);
  if (entry->is_changed) return;
  const std::size_t bytes = entry->memory_bytes() + heap_bytes(entry->user.value()) + kBytesBesideProfile;
  bytes_ += bytes - entry->bytes;
  entry->bytes = bytes;
}

}  // namespace eddy
