#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/offsets/partition_offsets.h"

namespace eddy {

/// A partition that is to be read on from another place.
struct OffsetMove {
  PartitionOffsets now;
  std::int64_t to = 0;

  /// Whether something changes.
  [[nodiscard]] bool is_needed() const { return to != now.next || !now.is_committed; }
  /// Records in the log that are read again; offsets of transaction markers count.
  [[nodiscard]] std::int64_t read_again() const;
  /// Records in the log that would be read and are not.
  [[nodiscard]] std::int64_t skipped() const;
};

/// Which partitions a person means.
struct PartitionChoice {
  std::string topic;                      ///< empty: all
  std::optional<std::int32_t> partition;  ///< nothing: all
};

/// Those of the partitions that are meant. Error (user's): none is.
Result<std::vector<PartitionOffsets>> chosen(const std::vector<PartitionOffsets>& all,
                                             const PartitionChoice& choice);

/// To set each of `chosen` to where `to` has it. Error (user's): a place outside of its log.
Result<std::vector<OffsetMove>> plan_moves(const std::vector<PartitionOffsets>& chosen, const Positions& to);

/// What a shard's positions become; empty: they stay. Beside the moved ones, those of the shard's partitions
/// that have none yet and would begin elsewhere once another one has.
[[nodiscard]] Positions positions_of(std::int32_t shard, const std::vector<OffsetMove>& moves,
                                     const std::vector<PartitionOffsets>& all);

/// One line a move: "web/3: 1200 → 800, 400 records are read again".
[[nodiscard]] std::string to_text(const OffsetMove& move);

}  // namespace eddy
