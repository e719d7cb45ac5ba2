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

/// Where the transactions of all shards go.
struct TransactionalDeliveryOptions {
  KafkaOptions source_cluster;  ///< as the source reaches it: for reading the changelog
  KafkaOptions sink_cluster;    ///< the same cluster, with the producers' properties
  std::string group;            ///< the source's consumer group; shard n's transactional.id is "<group>-<n>"
  std::string changelog;        ///< a compacted topic with one partition a shard
  std::vector<std::string> inputs;            ///< the source's topics
  std::map<std::string, std::string> topics;  ///< sink → topic; an empty topic: its messages are dropped
  std::chrono::milliseconds transaction_timeout{60'000};
};

/// What a delivery uses besides. All outlive it.
struct TransactionalDeliveryParts {
  std::shared_ptr<const GroupMembership> membership;
  DeliveryListener* listener = nullptr;  ///< must not be null
  const Clock* clock = nullptr;
  std::function<bool()> wants_stop;  ///< true: give up what would be tried again. Any thread
};

/// exactly_once: a unit's outputs, its rows of the changelog and the group's offsets are one Kafka
/// transaction; the store follows.
///
///     outputs, dead letters ─┐
///     profiles, positions ───┼─▶ commit ─▶ (the store's write: profiles, positions, changelog mark)
///     the group's offsets ───┘
///
/// What survives a crash between any two steps: docs/delivery.md. Threads: as Delivery; open() may take long.
class TransactionalDelivery final : public Delivery {
 public:
  /// Fences the shard's former owner, then brings the store up to the changelog's end. Errors (user's):
  /// topics that are missing or do not fit, a changelog that is not compacted, a store that does not belong
  /// to it; what the cluster or the disk has to say; a wish to stop.
  static Result<std::unique_ptr<TransactionalDelivery>> open(const TransactionalDeliveryOptions& options,
                                                             ShardId shard, std::int32_t shards,
                                                             ProfileStore& store,
                                                             TransactionalDeliveryParts parts);
  /// The same for a shard whose store is elsewhere, or nowhere yet: it learns of what is committed here when
  /// it next follows the changelog.
  static Result<std::unique_ptr<TransactionalDelivery>> open_without_store(
      const TransactionalDeliveryOptions& options, ShardId shard, std::int32_t shards,
      TransactionalDeliveryParts parts);
  ~TransactionalDelivery() override;

  Result<void> write(const Batch& batch) override;
  Result<void> commit(UnitOfCommit& unit) override;

 private:
  class Impl;
  explicit TransactionalDelivery(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy
