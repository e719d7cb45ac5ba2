#pragma once

#include <cstdint>
#include <vector>

#include "app/offsets/offset_moves.h"
#include "base/result.h"
#include "config/settings.h"
#include "state/store/state_directory.h"

namespace eddy {

/// What is done for one shard.
struct ShardMove {
  ShardId shard;
  bool is_done = false;  ///< false: its state is not here (at_least_once)
};

/// Does the moves, shard after shard; shards of which nothing changes are left alone. exactly_once: changelog
/// and group in one transaction, then the store if it is here. at_least_once: the store alone. `state`: the
/// directory under lock, null if there is none. Nobody may read the shards meanwhile. After an error shards
/// before that one are done; the same call again does the rest.
Result<std::vector<ShardMove>> apply_moves(const Settings& settings, const std::vector<OffsetMove>& moves,
                                           const std::vector<PartitionOffsets>& all,
                                           const StateDirectory* state);

}  // namespace eddy
