#include "pipeline/kafka/transactional_delivery.h"

#include <optional>
#include <utility>

#include "pipeline/crash_point.h"
#include "pipeline/kafka/changelog_reader.h"
#include "pipeline/kafka/changelog_restore.h"
#include "pipeline/kafka/changelog_topic.h"
#include "pipeline/kafka/dead_letter_headers.h"
#include "pipeline/kafka/group_membership.h"
#include "pipeline/kafka/topic_offsets.h"
#include "pipeline/kafka/transactional_producer.h"
#include "state/store/key_codec.h"

namespace eddy {
namespace {

constexpr const char* kDeadLetters = "dead_letters";

/// A topic, and how a shard writes to it.
struct Destination {
  std::string topic;
  RdTopic handle;  ///< null: what goes there is dropped
  std::int32_t partition = RD_KAFKA_PARTITION_UA;
};

}  // namespace

class TransactionalDelivery::Impl {
 public:
  Impl(const TransactionalDeliveryOptions& options, ShardId shard, TransactionalDeliveryParts parts)
      : options_(options), shard_(shard), parts_(std::move(parts)) {}

  /// `store`: null if it is not at hand.
  Result<void> open(std::int32_t shards, ProfileStore* store) {
    EDDY_ASSIGN(group_, parts_.membership->metadata());
    TransactionalProducerOptions producer;
    producer.cluster = options_.sink_cluster;
    producer.transactional_id = options_.group + "-" + std::to_string(shard_.value());
    producer.transaction_timeout = options_.transaction_timeout;
    // First of all: from here on no other process can add to the changelog that is read next.
    EDDY_ASSIGN(producer_, TransactionalProducer::open(
                               producer, {[this](const Error& error) { parts_.listener->on_retry(error); },
                                          parts_.wants_stop}));
    EDDY_TRY(find_destinations(shards));
    return store == nullptr ? Result<void>() : restore(*store);
  }

  Result<void> write(const Batch& batch) {
    rd_kafka_poll(producer_->client(), 0);
    for (const Output& output : batch.outputs) {
      const auto found = destinations_.find(output.sink);
      if (found == destinations_.end()) {
        return user_error("an operator writes to sink '" + output.sink +
                          "', which the graph does not have; add it under sinks:");
      }
      // An empty value deletes the key of a compacted topic.
      EDDY_TRY(produce(found->second, {.key = output.key, .value = value_of(output.value)}));
    }
    const auto dead_letters = destinations_.find(kDeadLetters);
    if (dead_letters == destinations_.end() || dead_letters->second.handle == nullptr) return {};
    for (const DeadLetter& letter : batch.dead_letters) {
      RdHeaders headers = dead_letter_headers(letter);
      EDDY_TRY(produce(dead_letters->second,
                       {.key = letter.key, .value = letter.value, .headers = headers.get()}));
      static_cast<void>(headers.release());  // the message owns them now
    }
    return {};
  }

  Result<void> commit(UnitOfCommit& unit) {
    std::int64_t last_offset = -1;
    EDDY_TRY(write_changelog(unit, &last_offset));
    crash_point("before_send_offsets");
    EDDY_TRY(producer_->send_offsets(unit.positions, group_.get()));
    crash_point("after_send_offsets");
    crash_point("before_commit");
    EDDY_TRY(producer_->commit());
    crash_point("after_commit");
    if (last_offset < 0) return internal_error("the changelog's offset is unknown", options_.changelog);
    const auto now = parts_.clock->now().time_since_epoch();
    unit.changelog =
        ChangelogMark{last_offset + 1, std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
    return {};
  }

  void aborted(const Error& error) { parts_.listener->on_abort(error); }

 private:
  static std::optional<std::string_view> value_of(const std::string& value) {
    if (value.empty()) return std::nullopt;
    return value;
  }

  Result<void> produce(const Destination& destination, TransactionalProducer::Message message) {
    if (destination.handle == nullptr) return {};
    if (!producer_->is_in_transaction()) EDDY_TRY(producer_->begin());
    message.partition = destination.partition;
    return producer_->produce(destination.handle.get(), message);
  }

  /// Every row of the unit; the offset of the last one is known when the transaction is committed.
  Result<void> write_changelog(const UnitOfCommit& unit, std::int64_t* last_offset) {
    if (!std::exchange(has_written_layout_, true)) {
      const std::string version = encode_layout_version(kStoreLayoutVersion);
      EDDY_TRY(produce(changelog_, {.key = kLayoutKey, .value = version}));
    }
    std::string key;
    for (const auto& [user, facts] : unit.profiles) {
      key.assign(1, kProfilePrefix).append(user.value());
      EDDY_TRY(produce(changelog_, {.key = key, .value = value_of(facts)}));
    }
    for (const auto& [place, offset] : unit.positions) {
      key = position_key(place.first, place.second);
      const std::string value = encode_offset(offset);
      EDDY_TRY(produce(changelog_, {.key = key, .value = value, .offset = last_offset}));
    }
    return {};
  }

  Result<void> find_destinations(std::int32_t shards) {
    std::vector<std::string> names = {options_.changelog};
    for (const auto& [sink, topic] : options_.topics) {
      if (!topic.empty()) names.push_back(topic);
    }
    EDDY_ASSIGN(const auto counts,
                partition_counts(producer_->client(), names, options_.sink_cluster, producer_->troubles()));
    std::vector<std::string> missing;
    for (const std::string& name : names) {
      if (!counts.contains(name)) missing.push_back(name);
    }
    if (!missing.empty()) return topics_missing(missing, options_.sink_cluster.brokers);
    if (counts.at(options_.changelog) != shards) {
      return user_error("the changelog has " + std::to_string(counts.at(options_.changelog)) +
                            " partitions, the input has " + std::to_string(shards) +
                            ": give it as many, one a shard",
                        options_.changelog);
    }
    EDDY_TRY(await_leaders(producer_->client(), counts, options_.sink_cluster));
    for (const auto& [sink, topic] : options_.topics) {
      Destination& destination = destinations_[sink];
      if (topic.empty()) continue;
      destination.topic = topic;
      EDDY_ASSIGN(destination.handle, producer_->topic(topic));
      if (counts.at(topic) == shards) destination.partition = shard_.value();
    }
    changelog_.topic = options_.changelog;
    changelog_.partition = shard_.value();
    EDDY_ASSIGN(changelog_.handle, producer_->topic(options_.changelog));
    return {};
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

  const TransactionalDeliveryOptions options_;
  const ShardId shard_;
  const TransactionalDeliveryParts parts_;
  RdGroupMetadata group_;  // of the generation in which the shard was assigned
  std::unique_ptr<TransactionalProducer> producer_;
  // The topics' handles go before the producer.
  std::map<std::string, Destination, std::less<>> destinations_;
  Destination changelog_;
  bool has_written_layout_ = false;
};

TransactionalDelivery::TransactionalDelivery(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TransactionalDelivery::~TransactionalDelivery() = default;

Result<std::unique_ptr<TransactionalDelivery>> TransactionalDelivery::open(
    const TransactionalDeliveryOptions& options, ShardId shard, std::int32_t shards, ProfileStore& store,
    TransactionalDeliveryParts parts) {
  auto impl = std::make_unique<Impl>(options, shard, std::move(parts));
  EDDY_TRY(impl->open(shards, &store));
  return std::unique_ptr<TransactionalDelivery>(new TransactionalDelivery(std::move(impl)));
}

Result<std::unique_ptr<TransactionalDelivery>> TransactionalDelivery::open_without_store(
    const TransactionalDeliveryOptions& options, ShardId shard, std::int32_t shards,
    TransactionalDeliveryParts parts) {
  auto impl = std::make_unique<Impl>(options, shard, std::move(parts));
  EDDY_TRY(impl->open(shards, nullptr));
  return std::unique_ptr<TransactionalDelivery>(new TransactionalDelivery(std::move(impl)));
}

Result<void> TransactionalDelivery::write(const Batch& batch) {
  auto result = impl_->write(batch);
  if (!result) impl_->aborted(result.error());
  return result;
}

Result<void> TransactionalDelivery::commit(UnitOfCommit& unit) {
  auto result = impl_->commit(unit);
  if (!result) impl_->aborted(result.error());
  return result;
}

}  // namespace eddy
