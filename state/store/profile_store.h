#pragma once

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

/// What is written together or not at all: profiles as encoded facts (empty: the profile is deleted) and the
/// input positions that they contain.
struct UnitOfCommit {
  std::vector<std::pair<UserId, std::string>> profiles;
  Positions positions;
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

  /// Calls `visit` for every profile in the order of user ids until it returns false.
  virtual Result<void> for_each(const std::function<bool(const UserId&, Facts&&)>& visit) = 0;

  /// Makes what was committed durable on disk (a memory store: nothing to do).
  virtual Result<void> flush() = 0;
};

}  // namespace eddy
