#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/annotated_mutex.h"
#include "pipeline/delivery.h"
#include "pipeline/kafka/transactional_delivery.h"
#include "pipeline/kafka/transactional_producer.h"

namespace eddy {

/// What one shard adds to a transaction.
struct TransactionPart {
  ShardId shard;
  std::span<const Batch* const> batches;  ///< whose outputs and dead letters are written
  UnitOfCommit* unit = nullptr;           ///< its changelog mark is set when the transaction is committed
  const rd_kafka_consumer_group_metadata_t* generation = nullptr;  ///< in which the shard was assigned
  bool writes_layout = false;  ///< the changelog's partition has no row of the layout's version yet
};

/// The transactional producer of a process, shared by its shards: units that are ready at the same time
/// become one transaction, since each costs the cluster and this process some milliseconds however small it
/// is.
///
///     shard 0's committer ─ commit(part) ─┐
///     shard 1's committer ─ commit(part) ─┼▶ the first of them waits for the others, up to 10 ms; writes
///     shard 2's committer ─ commit(part) ─┘  all parts, commits, and tells every one how it ended
///
/// What comes while a transaction is under way is for the next. After an error all parts of the transaction
/// have failed, its producer is gone, and so has_failed() is true for good. Thread-safe.
class SharedProducer {
 public:
  /// Fences the earlier producer of the name "<group>-<shard>", then looks at the topics. Errors: as
  /// TransactionalDeliveries::open().
  static Result<std::unique_ptr<SharedProducer>> open(const TransactionalDeliveryOptions& options,
                                                      ShardId shard, std::int32_t shards,
                                                      TransactionalProducer::Callbacks callbacks,
                                                      const Clock& clock);

  [[nodiscard]] ShardId named_after() const { return named_after_; }
  [[nodiscard]] bool has_failed() const;

  /// Returns when the transaction with this part has ended. An error's remedy is for this part's shard.
  Result<void> commit(const TransactionPart& part);

 private:
  struct Destination {
    RdTopic handle;           ///< null: what goes there is dropped
    bool has_shards = false;  ///< has as many partitions as there are shards: each writes to its own
  };
  struct Waiting;

  SharedProducer(const TransactionalDeliveryOptions& options, ShardId shard, const Clock& clock);
  Result<void> find_destinations(std::int32_t shards);
  [[nodiscard]] Error closed_before() const;
  Result<void> run_or_close(const std::vector<Waiting*>& parts);
  Result<void> run(const std::vector<Waiting*>& parts);
  Result<void> write(const TransactionPart& part, std::int64_t* last_offset);
  Result<void> write_changelog(const TransactionPart& part, std::int64_t* last_offset);
  Result<void> produce(const Destination& destination, ShardId shard, TransactionalProducer::Message message);
  Result<void> send_offsets(const std::vector<Waiting*>& parts);
  /// Shards that have committed lately, and so may again.
  [[nodiscard]] std::size_t expected() const EDDY_REQUIRES(mutex_);

  const TransactionalDeliveryOptions options_;
  const ShardId named_after_;
  const Clock& clock_;
  // Of the thread whose transaction is under way.
  std::unique_ptr<TransactionalProducer> producer_;
  std::map<std::string, Destination, std::less<>> destinations_;  // go before the producer
  Destination changelog_;

  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Waiting*> waiting_ EDDY_GUARDED_BY(mutex_);
  bool is_busy_ EDDY_GUARDED_BY(mutex_) = false;
  bool has_failed_ EDDY_GUARDED_BY(mutex_) = false;
  std::map<ShardId, std::chrono::steady_clock::time_point> committed_at_ EDDY_GUARDED_BY(mutex_);
};

/// Hands shards that are opened the producer that they share, and makes one where none is or the last has
/// failed. Thread-safe.
class SharedProducers {
 public:
  SharedProducers(TransactionalDeliveryOptions options, TransactionalProducer::Callbacks callbacks,
                  const Clock& clock)
      : options_(std::move(options)), callbacks_(std::move(callbacks)), clock_(clock) {}

  /// Once it returns, whoever used the shard's name before is fenced. A new producer is named after `lowest`,
  /// the lowest shard of the process's assignment: that fences the earlier producer of the name, which nobody
  /// but the owner of that shard may do. A producer lives as long as a shard holds it. Errors: as
  /// SharedProducer::open().
  Result<std::shared_ptr<SharedProducer>> join(ShardId shard, ShardId lowest, std::int32_t shards);

  [[nodiscard]] const TransactionalDeliveryOptions& options() const { return options_; }

 private:
  const TransactionalDeliveryOptions options_;
  const TransactionalProducer::Callbacks callbacks_;
  const Clock& clock_;
  Mutex mutex_;  // held while a producer is opened: the others wait for it
  std::weak_ptr<SharedProducer> current_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy
