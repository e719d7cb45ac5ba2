#pragma once

#include <cstdint>
#include <functional>

#include "base/clock.h"
#include "base/result.h"
#include "event/position.h"
#include "pipeline/delivery.h"
#include "pipeline/kafka/transactional_delivery.h"

namespace eddy {

/// Sets input positions of a shard that nobody reads, as exactly_once commits a unit without profiles:
/// changelog and group in one transaction, then the store with its mark. A store that is behind is caught up
/// before. `store`: null if it is not at hand; `listener` hears of what is tried again and restored. A crash
/// between transaction and store leaves a store that is behind, as any crash does. Errors: as
/// TransactionalDeliveries::open() and commit(); the group has members that read the shard.
Result<void> commit_positions(const TransactionalDeliveryOptions& options, ShardId shard, std::int32_t shards,
                              ProfileStore* store, const Positions& positions, DeliveryListener& listener);

}  // namespace eddy
