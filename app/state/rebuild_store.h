#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"
#include "base/result.h"
#include "event/ids.h"
#include "pipeline/kafka/changelog_reader.h"
#include "state/store/state_directory.h"
#include "state/store/store_resources.h"

namespace eddy {

/// Makes a shard's store anew from its changelog, beside the old one, and then puts it in its place; returns
/// the number of changelog records. Shows its progress on the standard error. After a crash at any moment the
/// old store is there, or the new one, or none, which the next start restores. Errors: the old store can be
/// read and follows no changelog or another one, or the changelog is empty, so that profiles would be lost
/// (user's); the changelog cannot be read; no space.
Result<std::uint64_t> rebuild_store(ShardId shard, StateDirectory& state, ChangelogReader& reader,
                                    const StoreResources& resources, const Clock& clock = system_clock());

}  // namespace eddy
