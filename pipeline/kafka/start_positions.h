#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "event/event_time.h"
#include "event/position.h"

namespace eddy {

using TopicPartition = std::pair<std::string, std::int32_t>;

/// A place in a topic, as a person names it.
struct TopicBeginning {};
struct TopicEnd {};
using TopicPoint = std::variant<TopicBeginning, TopicEnd, EventTime, std::int64_t>;

/// "beginning", "end", an RFC 3339 time, or an offset. Error (user's): anything else.
Result<TopicPoint> parse_topic_point(const std::string& text);

/// What is known of a shard's partitions when it is assigned. Every map has every partition.
struct LogRanges {
  Positions first;          ///< offset of the oldest record that is still there
  Positions end;            ///< offset behind the last record
  Positions default_start;  ///< where a shard without state begins
};

/// Where a shard begins to read each of `partitions`: where its state stopped, or for a shard without state
/// at the default start. Errors (user's), since a guess would lose or double records: the state's position is
/// not in the log any more, or the state knows other topics but not this one, and the log has already lost
/// records.
Result<Positions> start_positions(const std::vector<TopicPartition>& partitions, const Positions& stored,
                                  const LogRanges& ranges);

}  // namespace eddy
