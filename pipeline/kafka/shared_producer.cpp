#include "pipeline/kafka/shared_producer.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/crash_point.h"
#include "pipeline/kafka/dead_letter_headers.h"
#include "pipeline/kafka/topic_offsets.h"
#include "state/store/key_codec.h"

namespace eddy {
namespace {

using std::chrono::milliseconds;

constexpr const char* kDeadLetters = "dead_letters";
// Shards take their units at the same times, but each between two of its batches.
constexpr milliseconds kLongestWait{10};
// Who has not committed for so long is not waited for. Longer than most commit intervals: for rarer commits
// it does not matter how many transactions they are.
constexpr milliseconds kLately{5'000};

std::string name_of(const TransactionalDeliveryOptions& options, ShardId shard) {
  return options.group + "-" + std::to_string(shard.value());
}

TransactionalProducerOptions producer_options(const TransactionalDeliveryOptions& options, ShardId shard) {
  return {options.sink_cluster, name_of(options, shard), options.transaction_timeout};
}

/// An empty value deletes the key of a compacted topic.
std::optional<std::string_view> value_of(const std::string& value) {
  if (value.empty()) return std::nullopt;
  return value;
}

/// Equal for equal generations.
Result<std::string> bytes_of(const rd_kafka_consumer_group_metadata_t* generation) {
  void* bytes = nullptr;
  std::size_t size = 0;
  const RdError failed(rd_kafka_consumer_group_metadata_write(generation, &bytes, &size));
  if (failed != nullptr) return internal_error(rd_kafka_error_string(failed.get()), "the group's generation");
  std::string copy(static_cast<const char*>(bytes), size);
  rd_kafka_mem_free(nullptr, bytes);
  return copy;
}

}  // namespace

/// A part, and how its transaction ended.
struct SharedProducer::Waiting {
  explicit Waiting(const TransactionPart& its_part) : part(its_part) {}

  const TransactionPart& part;
  std::int64_t last_offset = -1;  ///< of its last row in the changelog
  bool is_of_a_passed_generation = false;
  std::optional<Result<void>> result;
};

SharedProducer::SharedProducer(const TransactionalDeliveryOptions& options, ShardId shard, const Clock& clock)
    : options_(options), named_after_(shard), clock_(clock) {}

Result<std::unique_ptr<SharedProducer>> SharedProducer::open(const TransactionalDeliveryOptions& options,
                                                             ShardId shard, std::int32_t shards,
                                                             TransactionalProducer::Callbacks callbacks,
                                                             const Clock& clock) {
  std::unique_ptr<SharedProducer> shared(new SharedProducer(options, shard, clock));
  EDDY_ASSIGN(shared->producer_,
              TransactionalProducer::open(producer_options(options, shard), std::move(callbacks)));
  EDDY_TRY(shared->find_destinations(shards));
  return shared;
}

Result<void> SharedProducer::find_destinations(std::int32_t shards) {
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
    EDDY_ASSIGN(destination.handle, producer_->topic(topic));
    destination.has_shards = counts.at(topic) == shards;
  }
  changelog_.has_shards = true;
  EDDY_ASSIGN(changelog_.handle, producer_->topic(options_.changelog));
  return {};
}

bool SharedProducer::has_failed() const {
  const MutexLock lock(mutex_);
  return has_failed_;
}

std::size_t SharedProducer::expected() const {
  const auto since = std::chrono::steady_clock::now() - kLately;
  return static_cast<std::size_t>(std::count_if(committed_at_.begin(), committed_at_.end(),
                                                [&](const auto& one) { return one.second > since; }));
}

Result<void> SharedProducer::commit(const TransactionPart& part) {
  Waiting mine(part);
  MutexLock lock(mutex_);
  waiting_.push_back(&mine);
  changed_.notify_all();
  while (is_busy_ && !mine.result) changed_.wait(lock);
  if (mine.result) return *std::move(mine.result);
  is_busy_ = true;  // from here this thread works for all that wait
  const auto deadline = std::chrono::steady_clock::now() + kLongestWait;
  while (waiting_.size() < expected() && changed_.wait_until(lock, deadline) != std::cv_status::timeout) {
  }
  const std::vector<Waiting*> parts = std::exchange(waiting_, {});
  const bool had_failed = has_failed_;
  lock.unlock();
  Result<void> result = had_failed ? closed_before() : run_or_close(parts);
  lock.lock();
  const auto now = std::chrono::steady_clock::now();
  for (Waiting* one : parts) {
    committed_at_[one->part.shard] = now;
    one->result = result;
    // Only who read in that generation has lost its shard.
    if (!result && result.error().remedy == Remedy::kRelease && !one->is_of_a_passed_generation)
      one->result->error().remedy = Remedy::kRewind;
  }
  has_failed_ = has_failed_ || !result;
  is_busy_ = false;
  changed_.notify_all();
  return *std::move(mine.result);
}

Error SharedProducer::closed_before() const {
  return external_error("an earlier transaction of this process has failed", name_of(options_, named_after_),
                        Remedy::kRewind);
}

Result<void> SharedProducer::run_or_close(const std::vector<Waiting*>& parts) {
  Result<void> result = internal_error("the transaction threw");
  try {  // who waits must hear of it
    result = run(parts);
  } catch (const std::exception& error) {
    result = internal_error(error.what(), name_of(options_, named_after_));
  }
  if (result) return result;
  // The transaction is aborted here, before any of its shards begins again.
  destinations_.clear();
  changelog_.handle.reset();
  producer_.reset();
  return result;
}

Result<void> SharedProducer::run(const std::vector<Waiting*>& parts) {
  EDDY_TRY(producer_->begin());
  for (Waiting* one : parts) EDDY_TRY(write(one->part, &one->last_offset));
  crash_point("before_send_offsets");
  EDDY_TRY(send_offsets(parts));
  crash_point("after_send_offsets");
  crash_point("before_commit");
  EDDY_TRY(producer_->commit());
  crash_point("after_commit");
  const auto now = std::chrono::duration_cast<milliseconds>(clock_.now().time_since_epoch());
  for (const Waiting* one : parts) {
    if (one->last_offset < 0) return internal_error("the changelog's offset is unknown", options_.changelog);
    one->part.unit->changelog = ChangelogMark{one->last_offset + 1, now.count()};
  }
  return {};
}

Result<void> SharedProducer::write(const TransactionPart& part, std::int64_t* last_offset) {
  const auto dead_letters = destinations_.find(kDeadLetters);
  for (const Batch* batch : part.batches) {
    for (const Output& output : batch->outputs) {
      EDDY_TRY(produce(destinations_.find(output.sink)->second, part.shard,
                       {.key = output.key, .value = value_of(output.value)}));
    }
    if (dead_letters == destinations_.end() || dead_letters->second.handle == nullptr) continue;
    for (const DeadLetter& letter : batch->dead_letters) {
      RdHeaders headers = dead_letter_headers(letter);
      EDDY_TRY(produce(dead_letters->second, part.shard,
                       {.key = letter.key, .value = letter.value, .headers = headers.get()}));
      static_cast<void>(headers.release());  // the message owns them now
    }
  }
  return write_changelog(part, last_offset);
}

/// Every row of the unit; the offset of the last one is known when the transaction is committed.
Result<void> SharedProducer::write_changelog(const TransactionPart& part, std::int64_t* last_offset) {
  const UnitOfCommit& unit = *part.unit;
  if (part.writes_layout) {
    const std::string version = encode_layout_version(kStoreLayoutVersion);
    EDDY_TRY(produce(changelog_, part.shard, {.key = kLayoutKey, .value = version}));
  }
  std::string key;
  for (const auto& [user, facts] : unit.profiles) {
    key.assign(1, kProfilePrefix).append(user.value());
    EDDY_TRY(produce(changelog_, part.shard, {.key = key, .value = value_of(facts)}));
  }
  for (const auto& [place, offset] : unit.positions) {
    key = position_key(place.first, place.second);
    const std::string value = encode_offset(offset);
    EDDY_TRY(produce(changelog_, part.shard, {.key = key, .value = value, .offset = last_offset}));
  }
  return {};
}

Result<void> SharedProducer::produce(const Destination& destination, ShardId shard,
                                     TransactionalProducer::Message message) {
  if (destination.handle == nullptr) return {};
  if (destination.has_shards) message.partition = shard.value();
  return producer_->produce(destination.handle.get(), message);
}

Result<void> SharedProducer::send_offsets(const std::vector<Waiting*>& parts) {
  std::map<std::string, std::vector<Waiting*>> generations;
  for (Waiting* one : parts) {
    EDDY_ASSIGN(std::string bytes, bytes_of(one->part.generation));
    generations[std::move(bytes)].push_back(one);
  }
  for (const auto& [bytes, of_generation] : generations) {
    Positions positions;
    for (const Waiting* one : of_generation)
      positions.insert(one->part.unit->positions.begin(), one->part.unit->positions.end());
    auto sent = producer_->send_offsets(positions, of_generation.front()->part.generation);
    if (sent) continue;
    for (Waiting* one : of_generation)
      one->is_of_a_passed_generation = sent.error().remedy == Remedy::kRelease;
    return sent;
  }
  return {};
}

Result<std::shared_ptr<SharedProducer>> SharedProducers::join(ShardId shard, ShardId lowest,
                                                              std::int32_t shards) {
  std::shared_ptr<SharedProducer> shared;
  {
    const MutexLock lock(mutex_);
    shared = current_.lock();
    if (shared == nullptr || shared->has_failed()) {
      EDDY_ASSIGN(shared, SharedProducer::open(options_, lowest, shards, callbacks_, clock_));
      current_ = shared;
    }
  }
  if (shared->named_after() == shard) return shared;
  // Nothing is sent under this name here, but a former owner of the shard may have shared it.
  EDDY_ASSIGN(const auto fence, TransactionalProducer::open(producer_options(options_, shard), callbacks_));
  return shared;
}

}  // namespace eddy
