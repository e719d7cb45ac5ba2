#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include "pipeline/kafka/partition_table.h"
#include "pipeline/source.h"

namespace eddy {

/// Calls on_assigned() for these shards, in ascending order (open_transactions.h hangs on it) and several at
/// once, since each may have a changelog to read; then, on the calling thread, on_started() for each.
/// `ask_ranges` is called in between, so that it sees what was written before. Returns where to read each of
/// their partitions. After an error none of them is left open: on_lost() was called for all.
Result<Positions> open_shards(SourceHandler& handler, const PartitionTable& table,
                              const std::set<std::int32_t>& shards,
                              const std::function<Result<LogRanges>()>& ask_ranges);

}  // namespace eddy
