#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "state/profile/profile.h"
#include "state/store/profile_store.h"

namespace eddy {

/// The decoded profiles of one shard, bounded in bytes, in front of its store. Changed ones are handed out
/// once per unit of commit by take_unit(); a profile leaves memory only after the unit that holds its last
/// change was applied. For one thread at a time, but for unit_applied() of which any thread may be the
/// caller.
class HotProfiles {
 public:
  /// `store` outlives this. `budget_bytes` bounds clean profiles; changed ones stay until their commit.
  HotProfiles(ProfileStore& store, std::size_t budget_bytes);
  ~HotProfiles();

  /// Profiles of `users` (repeats allowed), loaded or empty. The pointers stay valid until the next trim().
  Result<void> find(std::span<const UserId> users, std::vector<Profile*>& out);

  /// The profiles that the store has behind `after` (null: from the first), at most `most`, in the order of
  /// their users; as they are in memory where they are. It counts as no use: what has to be loaded is the
  /// first that trim() drops. Users whose first unit is not applied yet are absent. As with find(), the
  /// pointers stay valid until the next trim().
  Result<void> scan(const UserId* after, std::size_t most, std::vector<std::pair<UserId, Profile*>>& out);

  /// Whose profile it is; it came from find() or scan().
  [[nodiscard]] static const UserId& user_of(const Profile& profile);

  /// The user's facts changed: its profile will be part of the next unit. `profile` came from find().
  void mark_changed(Profile* profile);

  /// The profiles changed since the last call, encoded; `positions` become the unit's. Units are applied in
  /// this order.
  UnitOfCommit take_unit(Positions positions);
  [[nodiscard]] bool has_changes() const { return !changed_.empty(); }

  /// The oldest unit taken and not yet applied is in the store. Thread-safe.
  void unit_applied() { applied_units_.fetch_add(1, std::memory_order_release); }

  /// The number of the unit taken last, from 1; 0: none yet.
  [[nodiscard]] std::uint64_t taken_units() const { return taken_units_; }
  /// Whether that unit, and with it all before, is in the store.
  [[nodiscard]] bool is_applied(std::uint64_t unit) const {
    return applied_units_.load(std::memory_order_acquire) >= unit;
  }

  /// Drops least recently used profiles until the budget is kept. Call between batches.
  void trim();

  /// Re-reads the size of a profile whose caches changed. That of a profile with changed facts is read when
  /// its unit is taken: until then it cannot be dropped anyway.
  void resized(Profile* profile);

  [[nodiscard]] std::size_t memory_bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::uint64_t hits() const { return hits_; }
  [[nodiscard]] std::uint64_t misses() const { return misses_; }

 private:
  struct Entry;
  struct Entries;
  Entry& insert(const UserId& user, std::size_t hash);

  ProfileStore& store_;
  const std::size_t budget_bytes_;
  std::unique_ptr<Entries> entries_;
  std::vector<std::size_t> hashes_;  // of the users of one find()
  std::vector<Entry*> changed_;
  std::size_t bytes_ = 0;
  std::uint64_t hits_ = 0, misses_ = 0;
  std::uint64_t taken_units_ = 0;
  std::atomic<std::uint64_t> applied_units_{0};
};

}  // namespace eddy
