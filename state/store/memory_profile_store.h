#pragma once

#include <map>
#include <string>

#include "base/annotated_mutex.h"
#include "state/store/profile_store.h"

namespace eddy {

/// Keeps a shard's profiles in memory, encoded, for tests and for runs that need no state behind them.
/// Thread-safe.
class MemoryProfileStore final : public ProfileStore {
 public:
  Result<void> load(std::span<const UserId> users, std::span<std::optional<Facts>> facts) override;
  Result<void> commit(const UnitOfCommit& unit) override;
  Result<Positions> positions() override;
  Result<std::optional<ChangelogMark>> changelog() override;
  Result<void> clear() override;
  Result<void> for_each_after(const UserId* after, const Visit& visit) override;
  Result<void> flush() override;

 private:
  Mutex mutex_;
  std::map<UserId, std::string> profiles_ EDDY_GUARDED_BY(mutex_);
  Positions positions_ EDDY_GUARDED_BY(mutex_);
  std::optional<ChangelogMark> changelog_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy
