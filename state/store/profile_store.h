#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "event/ids.h"
#include "event/position.h"
#include "state/profile/facts.h"

namespace eddy {

/// How far a store follows its changelog.
struct ChangelogMark {
  std::int64_t next = 0;                 ///< offset of the first changelog record that the store may lack
  std::int64_t stored_milliseconds = 0;  ///< when the unit was stored, since 1970 by the wall clock

  friend bool operator==(const ChangelogMark&, const ChangelogMark&) = default;
};

/// What is written together or not at all: profiles as encoded facts (empty: the profile is deleted), the
/// input positions that they contain, and where the changelog holds the same.
struct UnitOfCommit {
  std::vector<std::pair<UserId, std::string>> profiles;  ///< of a user named twice the later one counts
  Positions positions;
  std::optional<ChangelogMark> changelog = std::nullopt;  ///< nothing: no changelog, or its mark stays
};

/// Where one shard's profiles are kept. `load` may be called while another thread commits; everything else is
/// for one thread at a time.
class ProfileStore {
 public:
  virtual ~ProfileStore() = default;

  /// facts[i] is what is stored of users[i]; empty where nothing is. `facts` has the size of `users`.
  virtual Result<void> load(std::span<const UserId> users, std::span<std::optional<Facts>> facts) = 0;

  /// One atomic write; positions of topics that the unit does not name stay as they are.
  virtual Result<void> commit(const UnitOfCommit& unit) = 0;

  /// The input positions of the last commit; empty in a new store.
  virtual Result<Positions> positions() = 0;

  /// The last mark committed; nothing in a store that follows no changelog.
  virtual Result<std::optional<ChangelogMark>> changelog() = 0;

  /// Forgets everything: profiles, positions, mark. For a store that is to be built anew.
  virtual Result<void> clear() = 0;

  using Visit = std::function<bool(const UserId&, Facts&&)>;
  /// Calls `visit` for every profile in the order of user ids until it returns false.
  Result<void> for_each(const Visit& visit) { return for_each_after(nullptr, visit); }
  /// The same from behind `after`, which need not be stored; null: from the first. May run beside a commit,
  /// of which it then sees all or nothing.
  virtual Result<void> for_each_after(const UserId* after, const Visit& visit) = 0;

  /// Makes what was committed durable on disk (a memory store: nothing to do).
  virtual Result<void> flush() = 0;
};

}  // namespace eddy
