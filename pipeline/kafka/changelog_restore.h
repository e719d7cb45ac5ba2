#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "pipeline/kafka/changelog_reader.h"
#include "state/store/profile_store.h"

namespace eddy {

/// What is done with a store before its shard begins.
enum class CatchUp : std::uint8_t {
  kFromMark,       ///< the store lacks the changelog's tail
  kFromBeginning,  ///< the store is new
  kRebuild,  ///< the store can no longer be trusted to learn of every deletion: cleared, then read whole
};

/// Decides. `delete_retention`: how long the changelog keeps deletions (its delete.retention.ms). Errors
/// (user's): a store that follows no changelog but is not empty; a mark beyond the changelog's end.
Result<CatchUp> plan_catch_up(const std::optional<ChangelogMark>& mark, bool store_is_empty,
                              const ChangelogReader::Range& range, std::chrono::milliseconds delete_retention,
                              const Clock& clock);

/// Whether the store has neither profiles nor positions.
Result<bool> is_empty(ProfileStore& store);

/// Where a store goes on in its changelog.
struct CatchUpStart {
  std::int64_t from = 0;
  ChangelogReader::Range log;
};

/// Decides by plan_catch_up(), and clears a store that is to be rebuilt. Errors: as there; the log's ends are
/// not told; the store fails.
Result<CatchUpStart> begin_catch_up(ChangelogReader& reader, ProfileStore& store,
                                    std::chrono::milliseconds delete_retention, const Clock& clock);

struct CatchUpHooks {
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;  ///< offsets; must be set
  std::function<bool()> wants_stop;                                          ///< must be set
  std::function<void(const Error&)> on_retry;                                ///< must be set
};

struct AppliedRows {
  std::int64_t next = 0;  ///< the offset to go on from
  std::uint64_t rows = 0;
};

/// Applies the next rows of the changelog before `end` to the store, in one write of bounded size with its
/// mark; waits up to `wait` for the first. Where nothing new came, `next` stays. Error: the changelog cannot
/// be read (nothing was applied; kRetry: seek and try again), or the store fails.
Result<AppliedRows> apply_next_rows(ChangelogReader& reader, ProfileStore& store, std::int64_t next,
                                    std::int64_t end, std::chrono::milliseconds wait, const Clock& clock);

/// Applies the changelog to the store, from `from` to `end`, in writes of bounded size, each with its mark,
/// so that an interrupted one goes on where it was. Returns the number of rows. Errors: the changelog cannot
/// be read; the store fails; a wish to stop (kRetry: what was applied stays).
Result<std::uint64_t> apply_changelog(ChangelogReader& reader, ProfileStore& store, std::int64_t from,
                                      std::int64_t end, const Clock& clock, const CatchUpHooks& hooks);

}  // namespace eddy
