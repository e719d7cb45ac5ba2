#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "pipeline/kafka/offset_queries.h"

namespace eddy {

/// How far one input partition is read.
struct PartitionOffsets {
  TopicPartition partition;
  std::optional<std::int64_t> state =
      std::nullopt;  ///< in the store of this state directory; nothing: not here, or not read
  std::optional<std::int64_t> group = std::nullopt;  ///< what the consumer group has committed
  std::int64_t first = 0, end = 0;  ///< of the log: the oldest record, and behind the last one
  /// Where the next start reads on. May lie outside of the log, which a start refuses.
  std::int64_t next = 0;
  bool is_committed = false;  ///< `next` is a position that was committed, and does not follow from `from`

  /// Records behind `next`; offsets of transaction markers count.
  [[nodiscard]] std::int64_t lag() const;
};

/// All partitions of the settings' source, topic by topic in the order of the configuration. Reads stores as
/// they are now, also while a process writes to them; where one is behind its changelog, the positions in the
/// changelog's tail count; for a shard that has no store here, the group's offsets. Errors: topics that are
/// missing or differ in partitions (user's), no answer in time, a store that cannot be read.
Result<std::vector<PartitionOffsets>> read_partition_offsets(const Settings& settings,
                                                             OffsetQueries& queries);

}  // namespace eddy
