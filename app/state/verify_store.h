#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/ids.h"
#include "pipeline/kafka/changelog_reader.h"
#include "state/store/rocks_profile_store.h"
#include "state/store/row_comparison.h"

namespace eddy {

/// What became of the comparison of a store with its changelog.
struct Verification {
  enum class Verdict : std::uint8_t {
    kEqual,          ///< up to the store's mark, which may be behind the changelog's end
    kDifferent,      ///< rows differ
    kIsEmpty,        ///< a store without rows beside a changelog with some: the next start reads it
    kMissedTooMuch,  ///< behind for longer than the changelog keeps deletions: the next start makes it anew
  };
  Verdict verdict = Verdict::kEqual;
  RowComparison rows;
  std::uint64_t behind = 0;              ///< records of the changelog behind the store's mark
  std::vector<std::string> differences;  ///< the first ones, a line each
};

/// What a verification uses.
struct VerifyOptions {
  std::filesystem::path scratch;           ///< where the changelog is gathered; removed at the end
  std::chrono::milliseconds retention{0};  ///< how long the changelog keeps deletions
  std::size_t most_differences = 5;        ///< that are told in words
};

/// Compares a store, to which nobody writes, with its changelog as of now, row by row, within the memory of
/// `resources`; shows its progress on the standard error. Errors: a store that follows no changelog or
/// another one (user's); the changelog or the store cannot be read; no space.
Result<Verification> verify_store(ShardId shard, RocksProfileStore& store, ChangelogReader& reader,
                                  const VerifyOptions& options, const StoreResources& resources,
                                  const Clock& clock = system_clock());

/// The lines that tell of it, each with its end.
[[nodiscard]] std::string to_text(ShardId shard, const Verification& verification);

}  // namespace eddy
