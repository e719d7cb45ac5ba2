#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/kafka/kafka_options.h"

namespace eddy {

/// The transactions of a shard's former owners, by what may still be open of them.
struct OpenTransactions {
  KafkaOptions cluster;
  std::string group;
  std::vector<std::string> inputs;  ///< topics
  std::string changelog;
  std::int32_t shard = 0;
};

/// Returns when no transaction is open that could still commit something of the shard: neither offsets of its
/// inputs nor rows of its changelog. Call it after the shard was assigned, when the group refuses offsets of
/// earlier generations: then none can come to be committed any more.
///
/// A producer of the shard's former owner is named after the lowest shard that it had, whose new owner fences
/// it at about this moment: shards are opened in ascending order, so that none waits for one that waits for a
/// place. If nobody fences it, the cluster ends its transaction by its timeout. `on_wait` is told once if it
/// takes longer than two seconds. Errors: the group refuses to tell its offsets; a leader does not tell the
/// ends of the changelog in time, or a wish to stop (both kRetry).
Result<void> await_no_open_transaction(const OpenTransactions& of, const std::function<bool()>& wants_stop,
                                       const std::function<void(const Error&)>& on_wait);

}  // namespace eddy
