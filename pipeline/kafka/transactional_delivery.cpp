#include "pipeline/kafka/transactional_delivery.h"

#include <utility>
#include <vector>

#include "pipeline/kafka/changelog_reader.h"
#include "pipeline/kafka/changelog_restore.h"
#include "pipeline/kafka/changelog_topic.h"
#include "pipeline/kafka/group_membership.h"
#include "pipeline/kafka/open_transactions.h"
#include "pipeline/kafka/shared_producer.h"
#include "pipeline/kafka/topic_offsets.h"

namespace eddy {
namespace {

class TransactionalDelivery final : public Delivery {
 public:
  TransactionalDelivery(ShardId shard, std::shared_ptr<SharedProducers> producers,
                        TransactionalDeliveryParts parts)
      : producers_(std::move(producers)),
        options_(producers_->options()),
        parts_(std::move(parts)),
        shard_(shard) {}

  /// `store`: null if it is not at hand.
  Result<void> open(std::int32_t shards, ProfileStore* store) {
    EDDY_ASSIGN(group_, parts_.membership->metadata());
    // First of all: from here on no other process can add to the changelog that is read next.
    const ShardId lowest(parts_.membership->lowest_shard().value_or(shard_.value()));
    EDDY_ASSIGN(producer_, producers_->join(shard_, lowest, shards));
    EDDY_TRY(await_no_open_transaction(
        {options_.source_cluster, options_.group, options_.inputs, options_.changelog, shard_.value()},
        parts_.wants_stop, [this](const Error& error) { parts_.listener->on_retry(error); }));
    return store == nullptr ? Result<void>() : restore(*store);
  }

  Result<void> write(const Batch& batch) override {
    for (const Output& output : batch.outputs) {
      if (!options_.topics.contains(output.sink)) {
        return given_up(user_error("an operator writes to sink '" + output.sink +
                                   "', which the graph does not have; add it under sinks:"));
      }
    }
    batches_.push_back(&batch);
    return {};
  }

  Result<void> commit(UnitOfCommit& unit) override {
    const std::vector<const Batch*> batches = std::exchange(batches_, {});
    auto committed =
        producer_->commit({shard_, batches, &unit, group_.get(), !std::exchange(has_written_layout_, true)});
    return committed ? committed : given_up(std::move(committed).error());
  }

 private:
  Error given_up(Error error) {
    parts_.listener->on_abort(error);
    return error;
  }

  Result<void> restore(ProfileStore& store) {
    EDDY_ASSIGN(const auto retention, changelog_retention(options_.source_cluster, options_.changelog));
    EDDY_ASSIGN(const auto reader,
                ChangelogReader::open(options_.source_cluster, options_.changelog, shard_.value()));
    EDDY_ASSIGN(const CatchUpStart start, begin_catch_up(*reader, store, retention, *parts_.clock));
    if (start.from < start.log.end) EDDY_TRY(catch_up(*reader, store, start.from, start.log.end));
    EDDY_ASSIGN(const Positions positions, store.positions());
    if (!positions.empty()) return {};
    EDDY_ASSIGN(const bool is_still_empty, is_empty(store));
    if (is_still_empty) return check_is_first_start();
    return external_error(
        "the changelog holds no input positions, so it is not known where to go on: is the "
        "topic damaged, or another program's?",
        options_.changelog);
  }

  Result<void> catch_up(ChangelogReader& reader, ProfileStore& store, std::int64_t from, std::int64_t end) {
    const CatchUpHooks hooks = {
        [this](std::uint64_t done, std::uint64_t total) { parts_.listener->on_restore(shard_, done, total); },
        parts_.wants_stop, [this](const Error& error) { parts_.listener->on_retry(error); }};
    parts_.listener->on_restore(shard_, 0, static_cast<std::uint64_t>(end - from));
    EDDY_TRY(apply_changelog(reader, store, from, end, *parts_.clock, hooks));
    return {};
  }

  /// A changelog in which nothing is committed (one that is new, or whose first transactions were aborted)
  /// belongs to a group that has read nothing. Else the changelog is lost, and reading from the beginning
  /// would send every output again.
  Result<void> check_is_first_start() {
    std::vector<TopicPartition> partitions;
    for (const std::string& topic : options_.inputs) partitions.emplace_back(topic, shard_.value());
    EDDY_ASSIGN(const Positions committed,
                committed_offsets(options_.source_cluster, options_.group, partitions));
    for (const auto& [partition, offset] : committed) {
      if (offset <= 0) continue;
      return user_error("group '" + options_.group + "' has read " + partition.first + "/" +
                            std::to_string(partition.second) + " up to offset " + std::to_string(offset) +
                            ", but its changelog is empty: name the changelog that belongs to it, or begin "
                            "with another group",
                        options_.changelog);
    }
    return {};
  }

  const std::shared_ptr<SharedProducers> producers_;
  const TransactionalDeliveryOptions& options_;
  const TransactionalDeliveryParts parts_;
  const ShardId shard_;
  RdGroupMetadata group_;  // of the generation in which the shard was assigned
  std::shared_ptr<SharedProducer> producer_;
  std::vector<const Batch*> batches_;  // of the unit that grows
  bool has_written_layout_ = false;
};

Result<std::unique_ptr<Delivery>> open_delivery(ShardId shard, std::int32_t shards, ProfileStore* store,
                                                std::shared_ptr<SharedProducers> producers,
                                                TransactionalDeliveryParts parts) {
  auto delivery = std::make_unique<TransactionalDelivery>(shard, std::move(producers), std::move(parts));
  EDDY_TRY(delivery->open(shards, store));
  return std::unique_ptr<Delivery>(std::move(delivery));
}

}  // namespace

TransactionalDeliveries::TransactionalDeliveries(TransactionalDeliveryOptions options,
                                                 TransactionalDeliveryParts parts)
    : producers_(std::make_shared<SharedProducers>(
          std::move(options),
          TransactionalProducer::Callbacks{
              [listener = parts.listener](const Error& error) { listener->on_retry(error); },
              parts.wants_stop},
          *parts.clock)),
      parts_(std::move(parts)) {}

TransactionalDeliveries::~TransactionalDeliveries() = default;

Result<std::unique_ptr<Delivery>> TransactionalDeliveries::open(ShardId shard, std::int32_t shards,
                                                                ProfileStore& store) {
  return open_delivery(shard, shards, &store, producers_, parts_);
}

Result<std::unique_ptr<Delivery>> TransactionalDeliveries::open_without_store(ShardId shard,
                                                                              std::int32_t shards) {
  return open_delivery(shard, shards, nullptr, producers_, parts_);
}

}  // namespace eddy
