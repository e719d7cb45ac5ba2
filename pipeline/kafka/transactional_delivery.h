#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/delivery.h"
#include "pipeline/kafka/kafka_options.h"

namespace eddy {

class GroupMembership;
class SharedProducers;

/// Where the transactions of all shards go.
struct TransactionalDeliveryOptions {
  KafkaOptions source_cluster;  ///< as the source reaches it: for reading the changelog
  KafkaOptions sink_cluster;    ///< the same cluster, with the producers' properties
  std::string group;      ///< the source's consumer group; a producer's transactional.id is "<group>-<n>"
  std::string changelog;  ///< a compacted topic with one partition a shard
  std::vector<std::string> inputs;            ///< the source's topics
  std::map<std::string, std::string> topics;  ///< sink → topic; an empty topic: its messages are dropped
  std::chrono::milliseconds transaction_timeout{60'000};
};

/// What the deliveries use besides. All outlive them.
struct TransactionalDeliveryParts {
  std::shared_ptr<const GroupMembership> membership;
  DeliveryListener* listener = nullptr;  ///< must not be null
  const Clock* clock = nullptr;
  std::function<bool()> wants_stop;  ///< true: give up what would be tried again. Any thread
};

/// exactly_once for the shards of one process: a unit's outputs, its rows of the changelog and the group's
/// offsets are one Kafka transaction, together with the units of other shards that are ready at the same
/// time; the stores follow.
///
///     outputs, dead letters ─┐
///     profiles, positions ───┼─▶ commit ─▶ (the store's write: profiles, positions, changelog mark)
///     the group's offsets ───┘
///
/// What survives a crash between any two steps: docs/delivery.md. Thread-safe; a delivery is for one thread,
/// and may outlive this.
class TransactionalDeliveries {
 public:
  TransactionalDeliveries(TransactionalDeliveryOptions options, TransactionalDeliveryParts parts);
  ~TransactionalDeliveries();
  TransactionalDeliveries(const TransactionalDeliveries&) = delete;
  TransactionalDeliveries& operator=(const TransactionalDeliveries&) = delete;

  /// Fences the shard's former owner, waits until no transaction of it is open, then brings the store up to
  /// the changelog's end; may take long. Errors (user's): topics that are missing or do not fit, a changelog
  /// that is not compacted, a store that does not belong to it; what the cluster or the disk has to say; a
  /// wish to stop.
  Result<std::unique_ptr<Delivery>> open(ShardId shard, std::int32_t shards, ProfileStore& store);
  /// The same for a shard whose store is elsewhere, or nowhere yet: it learns of what is committed here when
  /// it next follows the changelog.
  Result<std::unique_ptr<Delivery>> open_without_store(ShardId shard, std::int32_t shards);

 private:
  std::shared_ptr<SharedProducers> producers_;
  const TransactionalDeliveryParts parts_;
};

}  // namespace eddy
