#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "event/ids.h"
#include "event/position.h"
#include "pipeline/kafka/kafka_options.h"
#include "state/store/profile_store.h"

namespace eddy {

/// Adds a shard's input positions that its changelog holds behind `mark`, or without one anywhere, over those
/// in `positions`; shows its progress on the standard error. Errors: the changelog cannot be read; a mark
/// beyond its end (user's).
Result<void> add_changelog_positions(const KafkaOptions& cluster, const std::string& changelog, ShardId shard,
                                     const std::optional<ChangelogMark>& mark, Positions& positions);

}  // namespace eddy
