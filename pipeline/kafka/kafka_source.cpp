#include "pipeline/kafka/kafka_source.h"

#include <algorithm>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "base/annotated_mutex.h"
#include "pipeline/kafka/consumer_setup.h"
#include "pipeline/kafka/group_membership.h"
#include "pipeline/kafka/kafka_client.h"
#include "pipeline/kafka/kafka_error.h"
#include "pipeline/kafka/merged_partitions.h"
#include "pipeline/kafka/partition_table.h"
#include "pipeline/kafka/shard_opening.h"
#include "pipeline/kafka/topic_offsets.h"

namespace eddy {
namespace {

constexpr std::size_t kRecordsPerPoll = 4096;
constexpr std::size_t kBytesPerPoll = 4U << 20U;
// resume() comes from the thread that polls, so a paused poll must not keep it for long.
constexpr std::chrono::milliseconds kPausedWait{1};
// librdkafka throws its prefetched records away at a pause. Short pauses therefore only leave the records
// where they are; longer ones pause the partitions, so that the group sees a living member and rebalances go
// on.
constexpr std::chrono::seconds kShortPause{1};

}  // namespace

class KafkaSource::Impl {
 public:
  explicit Impl(KafkaSourceOptions options)
      : options_(std::move(options)),
        bounded_(options_.bounded || !options_.to.empty()),
        merged_(options_.merge_patience) {}

  ~Impl() { close(); }

  Result<std::int32_t> open() {
    EDDY_TRY(check_consumer_options(options_, bounded_));
    EDDY_ASSIGN(from_, parse_topic_point(options_.from));
    EDDY_ASSIGN(to_, parse_topic_point(options_.to.empty() ? "end" : options_.to));
    EDDY_ASSIGN(RdConf conf, configure());
    EDDY_ASSIGN(RdClient client, make_client(RD_KAFKA_CONSUMER, std::move(conf), options_.cluster));
    rd_kafka_poll_set_consumer(client.get());
    auto counts = partition_counts(client.get(), options_.topics, options_.cluster, troubles_);
    if (!counts) return std::move(counts).error();
    EDDY_ASSIGN(const std::int32_t shards,
                equal_partition_count(options_.topics, *counts, options_.cluster.brokers));
    auto table = std::make_unique<PartitionTable>(options_.topics, shards);
    if (bounded_) EDDY_TRY(find_ends(client.get(), *table, to_, options_.cluster));
    const MutexLock lock(lifetime_);
    client_ = std::move(client);
    table_ = std::move(table);
    merged_.open(client_.get());
    membership_->joined(client_.get());
    if (!bounded_) EDDY_TRY(subscribe(client_.get(), options_));
    return shards;
  }

  Result<bool> poll(SourceHandler& handler, std::chrono::milliseconds timeout) {
    if (client_ == nullptr) return internal_error("the source is not open");
    if (auto error = troubles_.pop()) return *std::move(error);
    handler_ = &handler;
    auto result = take_over_pending();
    if (result) result = bounded_ ? poll_bounded(timeout) : consume(timeout);
    handler_ = nullptr;
    if (!result) return result;
    if (auto error = troubles_.pop()) return *std::move(error);
    return result;
  }

  void pause() {
    if (paused_) return;
    paused_ = true;
    paused_since_ = std::chrono::steady_clock::now();
  }

  void resume() {
    paused_ = false;
    if (!std::exchange(partitions_paused_, false) || table_->assigned().empty()) return;
    resume_partitions();
  }

  Result<void> rewind(SourceHandler& handler, ShardId shard) {
    if (client_ == nullptr || !table_->assigned_shards().contains(shard.value())) return {};
    if (rd_kafka_assignment_lost(client_.get()) != 0) return {};  // the rebalance will say so
    handler_ = &handler;
    auto result = assign(table_->assigned_shards(), {shard.value()});
    handler_ = nullptr;
    return result;
  }

  Result<void> committed(const Positions& positions) {
    if (bounded_ || options_.transactional || client_ == nullptr) return {};
    const auto code = commit_offsets(client_.get(), table_->assigned(), positions);
    if (is_passing_commit_failure(code)) return {};
    Error error = kafka_error(code, "the group's offsets cannot be committed", options_.group);
    error.remedy = Remedy::kRetry;
    return error;
  }

  void close() {
    if (client_ == nullptr) return;
    membership_->left();
    rd_kafka_consumer_close(client_.get());
    merged_.close();
    const MutexLock lock(lifetime_);
    client_.reset();
  }

  [[nodiscard]] bool has_its_shards() const { return has_its_shards_.load(); }
  [[nodiscard]] SourceProgress progress() const { return {done_.load(), total_.load()}; }

  [[nodiscard]] std::map<std::int32_t, std::int64_t> lag() const {
    const MutexLock lock(lifetime_);
    if (client_ == nullptr) return {};
    return known_lag(client_.get(), *table_);
  }

  [[nodiscard]] std::uint64_t times_all_brokers_down() const { return troubles_.times_all_down(); }
  [[nodiscard]] std::shared_ptr<const GroupMembership> membership() const { return membership_; }

 private:
  Result<RdConf> configure() {
    EDDY_ASSIGN(RdConf conf, consumer_conf(options_, bounded_));
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_rebalance_cb(conf.get(), on_rebalance);
    rd_kafka_conf_set_offset_commit_cb(conf.get(), on_commit);
    rd_kafka_conf_set_error_cb(conf.get(), [](rd_kafka_t* client, int code, const char* reason, void* self) {
      static_cast<Impl*>(self)->troubles_.on_client_error(client, code, reason);
    });
    return conf;
  }

  Result<bool> poll_bounded(std::chrono::milliseconds timeout) {
    if (table_->assigned().empty()) {
      std::set<std::int32_t> shards;
      for (std::int32_t shard = 0; shard < table_->shards(); ++shard) shards.insert(shard);
      EDDY_TRY(assign(shards, shards));
    }
    if (table_->open_partitions() > 0) EDDY_TRY(consume(timeout));
    done_.store(table_->bounded_done());
    return table_->open_partitions() > 0;
  }

  Result<bool> consume(std::chrono::milliseconds timeout) {
    if (paused_ && !partitions_paused_) {
      if (std::chrono::steady_clock::now() - paused_since_ < kShortPause) {
        std::this_thread::sleep_for(std::min(timeout, kPausedWait));
        return true;
      }
      pause_partitions();
    }
    EDDY_TRY(serve_events(paused_ ? std::min(timeout, kPausedWait) : std::chrono::milliseconds(0)));
    std::chrono::milliseconds wait = timeout;
    std::size_t bytes = 0;
    for (std::size_t records = 0; records < kRecordsPerPoll && bytes < kBytesPerPoll && !paused_; ++records) {
      const RdMessage message = merged_.next(wait);
      if (message == nullptr) return true;
      wait = std::chrono::milliseconds(0);
      bytes += message->len;
      EDDY_TRY(take(*message));
    }
    return true;
  }

  /// The consumer's own: rebalances, which run the callback, and errors.
  Result<void> serve_events(std::chrono::milliseconds wait) {
    while (const RdMessage message{rd_kafka_consumer_poll(client_.get(), static_cast<int>(wait.count()))}) {
      EDDY_TRY(take(*message));
      wait = std::chrono::milliseconds(0);
    }
    return {};
  }

  void pause_partitions() {
    partitions_paused_ = true;
    if (table_->assigned().empty()) return;
    const RdPartitionList list = partition_list(table_->assigned());
    note(rd_kafka_pause_partitions(client_.get(), list.get()), "the partitions cannot be paused");
  }

  void resume_partitions() {
    const RdPartitionList list = partition_list(table_->unfinished());
    note(rd_kafka_resume_partitions(client_.get(), list.get()), "the partitions cannot be resumed");
  }

  Result<void> take(const rd_kafka_message_t& message) {
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return take_event(message);
    const int topic = table_->topic_index(rd_kafka_topic_name(message.rkt));
    if (topic < 0 || message.partition >= table_->shards()) {
      return internal_error("a record came that was not asked for", rd_kafka_topic_name(message.rkt));
    }
    PartitionProgress& progress = table_->at(topic, message.partition);
    if (bounded_ && (progress.is_done || message.offset >= progress.end)) {
      finish(topic, message.partition);
      return {};
    }
    const std::string_view key(static_cast<const char*>(message.key),
                               message.key != nullptr ? message.key_len : 0);
    const std::string_view value(static_cast<const char*>(message.payload),
                                 message.payload != nullptr ? message.len : 0);
    handler_->on_record(ShardId(message.partition),
                        {table_->topic_name(topic), message.partition, message.offset}, key,
                        message.key != nullptr, value);
    progress.next.store(message.offset + 1, std::memory_order_relaxed);
    if (bounded_ && message.offset + 1 >= progress.end) finish(topic, message.partition);
    return {};
  }

  /// A message that is no record: the end of a partition, or trouble.
  Result<void> take_event(const rd_kafka_message_t& message) {
    if (message.err != RD_KAFKA_RESP_ERR__PARTITION_EOF)
      return message_error(message, options_.cluster.brokers);
    if (!bounded_) return {};
    // The last offsets of a log may be transaction markers, which are never handed over.
    const int index = table_->topic_index(rd_kafka_topic_name(message.rkt));
    if (index >= 0 && message.offset >= table_->at(index, message.partition).end) {
      finish(index, message.partition);
    }
    return {};
  }

  void finish(int topic, std::int32_t partition) {
    if (!table_->finish(topic, partition)) return;
    // What lies behind the end need not be fetched.
    const TopicPartition name{table_->topic_name(topic).str(), partition};
    merged_.finish(name);
    const RdPartitionList list = partition_list({name});
    note(rd_kafka_pause_partitions(client_.get(), list.get()), "a partition cannot be paused");
  }

  static void on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t code,
                           rd_kafka_topic_partition_list_t* list, void* self) {
    auto* source = static_cast<Impl*>(self);
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && source->handler_ == nullptr) {
      // Given while we were leaving: nobody takes them over.
    } else if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      auto shards = whole_shards(*list, source->options_, source->table_->shards());
      if (shards) {
        source->pending_.emplace(shards->begin(), shards->end());
        if (auto taken = source->take_over_pending(); !taken) {
          source->troubles_.push(std::move(taken).error());
        }
        return;
      }
      source->troubles_.push(std::move(shards).error());
    } else {
      source->revoke(rd_kafka_assignment_lost(client) != 0);
      if (code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        source->troubles_.push(
            kafka_error(code, "the group cannot share the partitions out", source->options_.group));
      }
    }
    source->note(rd_kafka_assign(client, nullptr), "the partitions cannot be given up");
  }

  /// Takes over what the group gave. An error that may pass leaves it pending for the next poll().
  Result<bool> take_over_pending() {
    if (!pending_) return true;
    auto taken = assign(*pending_, *pending_);
    if (!taken && taken.error().remedy == Remedy::kRetry) return std::move(taken).error();
    pending_.reset();
    if (!taken) return std::move(taken).error();
    return true;
  }

  /// Reads `shards` from now on: those of `anew` from their state's positions, the others on from where they
  /// are.
  Result<void> assign(const std::set<std::int32_t>& shards, const std::set<std::int32_t>& anew) {
    std::vector<TopicPartition> partitions, partitions_anew;
    for (const std::int32_t shard : shards) {
      for (TopicPartition& partition : table_->of_shard(shard)) {
        if (anew.contains(shard)) partitions_anew.push_back(partition);
        partitions.push_back(std::move(partition));
      }
    }
    membership_->assigned(shards);
    // The states first: what they hold may be newer than the ends of the topics as of before.
    EDDY_ASSIGN(const Positions starts_anew, open_shards(*handler_, *table_, anew, [&] {
                  return log_ranges(client_.get(), partitions_anew, from_, options_.cluster);
                }));
    Positions starts = table_->next_positions();
    for (const auto& [partition, offset] : starts_anew) starts[partition] = offset;
    table_->assign(partitions, starts, bounded_);
    total_.store(table_->bounded_total());
    merged_.assign(partitions);
    const RdPartitionList list = partition_list(partitions, &starts);
    const auto code = rd_kafka_assign(client_.get(), list.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return kafka_error(code, "the partitions cannot be taken over", options_.group);
    }
    if (partitions_paused_) pause_partitions();
    has_its_shards_ = true;
    return {};
  }

  void revoke(bool lost) {
    pending_.reset();
    has_its_shards_ = false;
    // No handler: close() was called, and its caller has drained the shards.
    for (const std::int32_t shard : table_->assigned_shards()) {
      if (handler_ == nullptr) break;
      if (lost) {
        handler_->on_lost(ShardId(shard));
      } else if (auto revoked = handler_->on_revoked(ShardId(shard)); !revoked) {
        troubles_.push(std::move(revoked).error());
      }
    }
    // librdkafka would hold them paused still when they come back.
    if (partitions_paused_ && !table_->assigned().empty()) resume_partitions();
    merged_.unassign();
    table_->unassign();
  }

  static void on_commit(rd_kafka_t* /*client*/, rd_kafka_resp_err_t code,
                        rd_kafka_topic_partition_list_t* list, void* self) {
    static_cast<Impl*>(self)->note(first_failure(code, list), "the group's offsets cannot be committed");
  }

  /// Keeps an error for the next poll() that harms no record: it is said there, to be retried.
  void note(rd_kafka_resp_err_t code, const char* what) {
    if (is_passing_commit_failure(code)) return;
    Error error = kafka_error(code, what, options_.group);
    error.remedy = Remedy::kRetry;
    troubles_.push(std::move(error));
  }

  const KafkaSourceOptions options_;
  const bool bounded_;
  TopicPoint from_;
  TopicPoint to_;

  ClientTroubles troubles_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> total_{0};
  std::atomic<bool> has_its_shards_{false};

  // The client and the table are changed by the polling thread under lifetime_, so that lag() may look at
  // them.
  mutable Mutex lifetime_;
  RdClient client_;
  std::unique_ptr<PartitionTable> table_;
  const std::shared_ptr<GroupMembership> membership_ = std::make_shared<GroupMembership>();

  // The polling thread's own.
  MergedPartitions merged_;
  SourceHandler* handler_ = nullptr;
  std::optional<std::set<std::int32_t>> pending_;  // given by the group and not taken over yet
  bool paused_ = false;
  bool partitions_paused_ = false;
  std::chrono::steady_clock::time_point paused_since_;
};

KafkaSource::KafkaSource(KafkaSourceOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
KafkaSource::~KafkaSource() = default;

Result<std::int32_t> KafkaSource::open() {
  return impl_->open();
}
Result<bool> KafkaSource::poll(SourceHandler& handler, std::chrono::milliseconds timeout) {
  return impl_->poll(handler, timeout);
}
void KafkaSource::pause() {
  impl_->pause();
}
void KafkaSource::resume() {
  impl_->resume();
}
Result<void> KafkaSource::rewind(SourceHandler& handler, ShardId shard) {
  return impl_->rewind(handler, shard);
}
Result<void> KafkaSource::committed(const Positions& positions) {
  return impl_->committed(positions);
}
void KafkaSource::close() {
  impl_->close();
}
bool KafkaSource::has_its_shards() const {
  return impl_->has_its_shards();
}
SourceProgress KafkaSource::progress() const {
  return impl_->progress();
}
std::map<std::int32_t, std::int64_t> KafkaSource::lag() const {
  return impl_->lag();
}
std::shared_ptr<const GroupMembership> KafkaSource::membership() const {
  return impl_->membership();
}
std::uint64_t KafkaSource::times_all_brokers_down() const {
  return impl_->times_all_brokers_down();
}

}  // namespace eddy
