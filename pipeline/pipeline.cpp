#include "pipeline/pipeline.h"

#include <algorithm>
#include <shared_mutex>
#include <utility>

#include "pipeline/batcher.h"
#include "pipeline/shard.h"
#include "pipeline/sink_delivery.h"

namespace eddy {
namespace {

/// At most this long in one wait, so that stop() is heard.
constexpr std::chrono::milliseconds kLongestWait{50};
/// Waiting longer than this for room means that something downstream is slow: the source is paused, and
/// polled on.
constexpr std::chrono::milliseconds kPauseAfter{500};
/// Of each shard: one unit of commit that grows and two under way. A unit that outgrows its part of the
/// budget is committed early, so that the reading never waits for an interval to end.
constexpr std::size_t kUnitsInBudget = 3;

}  // namespace

/// Everything that lives while run() runs. The polling thread calls it, but for what says otherwise.
class Pipeline::Running : public SourceHandler {
 public:
  explicit Running(Pipeline& pipeline)
      : pipeline_(pipeline),
        parts_(pipeline.parts_),
        metrics_(*parts_.metrics),
        sinks_(parts_.sinks),
        threads_(parts_.options.threads),
        limiter_(parts_.options.in_flight_bytes),
        batcher_(parts_.options, pool_, limiter_,
                 [this](ShardId shard, Envelope& envelope) { shards_.at(shard)->put(envelope); }) {}

  Result<void> run() {
    EDDY_TRY(sinks_.open());
    EDDY_ASSIGN(shard_count_, parts_.source->open());
    is_ready_ = true;
    auto result = poll_until_the_end();
    is_ready_ = false;
    if (result && !failure()) result = drain();
    if (const auto failed = failure()) result = *failed;
    {
      const std::unique_lock lock(shards_mutex_);
      shards_.clear();
    }
    parts_.source->close();
    auto closed = sinks_.close();
    return result ? std::move(closed) : std::move(result);
  }

  void on_record(ShardId shard, SourcePosition position, std::string_view key, bool has_key,
                 std::string_view value) override {
    batcher_.add(shard, position, key, has_key, value, now_);
    pipeline_.records_.fetch_add(1, std::memory_order_relaxed);
  }

  Result<Positions> on_assigned(ShardId id) override {
    EDDY_ASSIGN(auto store, parts_.open_store(id, shard_count_));
    Shard::Parts parts;
    parts.id = id;
    if (parts_.open_delivery) {
      EDDY_ASSIGN(parts.delivery, parts_.open_delivery(id, shard_count_, *store));
    } else {
      parts.delivery = std::make_unique<SinkDelivery>(id, sinks_);
    }
    parts.store = std::move(store);
    parts.operators = parts_.operators;
    parts.options = parts_.options;
    const auto shards = static_cast<std::size_t>(std::max(1, shard_count_));
    parts.hot_profiles_bytes = parts_.options.hot_profiles_bytes / shards;
    parts.unit_bytes = parts_.options.in_flight_bytes / kUnitsInBudget / shards;
    parts.threads = &threads_;
    parts.clock = parts_.clock;
    parts.listener = parts_.listener;
    parts.registry = parts_.metrics;
    parts.metrics = &metrics_;
    parts.done = [this](Envelope& envelope) {
      if (envelope.is_committed) {
        pipeline_.committed_records_.fetch_add(envelope.batch.records().size(), std::memory_order_relaxed);
      }
      limiter_.release(envelope.reserved_bytes);
      pool_.give_back(envelope);
    };
    parts.committed = [this](const Positions& positions) {
      const MutexLock lock(mutex_);
      for (const auto& [where, offset] : positions) committed_[where] = offset;
    };
    parts.failed = [this, id](Error error) { note_failure(id, std::move(error)); };
    const MutexLock one_at_a_time(opening_mutex_);
    EDDY_ASSIGN(auto shard, Shard::open(std::move(parts)));
    Positions positions = shard->start_positions();
    const std::unique_lock lock(shards_mutex_);
    shards_[id] = std::move(shard);
    metrics_.shards.set(static_cast<double>(shards_.size()));
    return positions;
  }

  void on_started(ShardId id, const Positions& positions) override { shards_.at(id)->start_at(positions); }

  Result<void> on_revoked(ShardId id) override {
    const auto found = shards_.find(id);
    if (found == shards_.end()) return {};
    if (failure()) {
      batcher_.drop(id);
    } else {
      batcher_.emit_last(id);
    }
    found->second->drain();
    if (const auto failed = failure()) return *failed;
    auto told = tell_committed();
    close_shard(id);
    return told;
  }

  void on_lost(ShardId id) override {
    const auto found = shards_.find(id);
    if (found == shards_.end()) return;
    found->second->give_up();
    batcher_.drop(id);
    found->second->drain();
    close_shard(id);
  }

  /// Thread-safe.
  Result<std::optional<UserRecommendation>> recommend(const UserId& user) {
    const std::shared_lock lock(shards_mutex_);
    for (auto& [id, shard] : shards_) {
      UserRecommendation answer;
      EDDY_ASSIGN(auto found, shard->recommend(user, answer.last_event));
      if (!found) continue;
      answer.recommendation = std::move(*found);
      return std::optional(std::move(answer));
    }
    return std::optional<UserRecommendation>();
  }

  /// Thread-safe.
  [[nodiscard]] bool is_ready() const { return is_ready_ && !has_failed_; }

 private:
  Result<void> poll_until_the_end() {
    while (!pipeline_.wants_stop_ && !has_failed_) {
      wait_for_room();
      if (has_room_ || is_paused_) {
        auto more = parts_.source->poll(*this, is_paused_ ? std::chrono::milliseconds(0) : poll_time());
        if (!more) {
          EDDY_TRY(retried(std::move(more).error()));
        } else if (!*more) {
          return {};
        }
      }
      EDDY_TRY(begin_failed_shards_anew());
      now_ = parts_.clock->steady_now();
      batcher_.emit_due(now_);
      tick_shards();
      tell_lag();
      EDDY_TRY(tell_committed());
    }
    return {};
  }

  /// Reads on while the budget has room. A source that has waited for long is paused, so that it can be
  /// polled on.
  void wait_for_room() {
    has_room_ = limiter_.wait_for_room(
        std::min<std::chrono::milliseconds>(kLongestWait, parts_.options.commit_interval));
    now_ = parts_.clock->steady_now();
    metrics_.in_flight_bytes.set(static_cast<double>(limiter_.in_flight_bytes()));
    if (has_room_) {
      had_room_ = now_;
      if (is_paused_) parts_.source->resume();
      is_paused_ = false;
    } else if (!is_paused_ && now_ - had_room_ > kPauseAfter) {
      parts_.source->pause();
      is_paused_ = true;
    }
  }

  /// From a shard's threads.
  void note_failure(ShardId id, Error error) {
    const MutexLock lock(mutex_);
    if (error.remedy == Remedy::kRewind || error.remedy == Remedy::kRelease) {
      given_up_.emplace_back(id, std::move(error));
      return;
    }
    if (!failure_) failure_ = std::move(error);
    has_failed_ = true;
  }

  /// Closes the shards that gave their unit up. Those that are still ours begin again at their last commit.
  Result<void> begin_failed_shards_anew() {
    std::vector<std::pair<ShardId, Error>> given_up;
    {
      const MutexLock lock(mutex_);
      given_up.swap(given_up_);
    }
    for (const auto& [id, error] : given_up) {
      on_lost(id);
      metrics_.shard_restarts.add();
      if (parts_.on_retry) parts_.on_retry(error);
      if (error.remedy != Remedy::kRewind) continue;
      auto rewound = parts_.source->rewind(*this, id);
      if (rewound) continue;
      Error failed = std::move(rewound).error();
      EDDY_TRY(retried(failed));
      failed.remedy = Remedy::kRewind;
      note_failure(id, std::move(failed));
    }
    return {};
  }

  /// What failed in it is over with it.
  void close_shard(ShardId id) {
    {
      const MutexLock lock(mutex_);
      std::erase_if(given_up_, [&](const auto& one) { return one.first == id; });
    }
    const std::unique_lock lock(shards_mutex_);
    shards_.erase(id);
    metrics_.shards.set(static_cast<double>(shards_.size()));
  }

  /// An error that the source will get over is told and counted; any other comes back.
  Result<void> retried(Error error) {
    if (error.remedy != Remedy::kRetry) return error;
    if (pipeline_.is_stopping()) return {};  // nothing is tried again
    metrics_.retries.add();
    if (parts_.on_retry) parts_.on_retry(error);
    return {};
  }

  /// Until the next batch or commit is due.
  [[nodiscard]] std::chrono::milliseconds poll_time() const {
    auto due = std::min(batcher_.next_due(), now_ + kLongestWait);
    for (const auto& [id, shard] : shards_) due = std::min(due, shard->tick_due());
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(due - now_), std::chrono::milliseconds(0));
  }

  /// Commits what a quiet shard has left, takes sweeps on, and wakes all shards for what is new.
  void tick_shards() {
    const bool has_news = pipeline_.has_news_.exchange(false);
    for (auto& [id, shard] : shards_) {
      if (has_news || shard->tick_due() <= now_) shard->put(pool_.take(id));
    }
  }

  /// Once a second: the source has to add it up.
  void tell_lag() {
    if (now_ - lag_told_ < std::chrono::seconds(1)) return;
    lag_told_ = now_;
    double records = 0;
    for (const auto& [shard, lag] : parts_.source->lag()) records += static_cast<double>(lag);
    metrics_.lag.set(records);
  }

  Result<void> tell_committed() {
    Positions committed;
    {
      const MutexLock lock(mutex_);
      committed.swap(committed_);
    }
    if (committed.empty()) return {};
    auto told = parts_.source->committed(committed);
    return told ? std::move(told) : retried(std::move(told).error());
  }

  Result<void> drain() {
    for (auto& [id, shard] : shards_) batcher_.emit_last(id);
    for (auto& [id, shard] : shards_) shard->drain();
    return tell_committed();
  }

  [[nodiscard]] std::optional<Error> failure() {
    const MutexLock lock(mutex_);
    return failure_;
  }

  Pipeline& pipeline_;
  PipelineParts& parts_;
  PipelineMetrics metrics_;
  SinkSet sinks_;
  GraphThreads threads_;
  EnvelopePool pool_;
  FlowLimiter limiter_;
  Batcher batcher_;
  std::int32_t shard_count_ = 1;
  std::chrono::steady_clock::time_point now_{};
  std::chrono::steady_clock::time_point had_room_{};
  std::chrono::steady_clock::time_point lag_told_{};
  bool has_room_ = true, is_paused_ = false;
  std::atomic<bool> is_ready_{false}, has_failed_{false};

  Mutex opening_mutex_;  // operators are made one after the other

  Mutex mutex_;
  std::optional<Error> failure_ EDDY_GUARDED_BY(mutex_);
  Positions committed_ EDDY_GUARDED_BY(mutex_);
  std::vector<std::pair<ShardId, Error>> given_up_ EDDY_GUARDED_BY(mutex_);

  // Written by the polling thread, or by others while it waits for them; it may read without the mutex.
  std::shared_mutex shards_mutex_;
  std::map<ShardId, std::unique_ptr<Shard>> shards_;
};

Pipeline::Pipeline(PipelineParts parts) : parts_(std::move(parts)) {}

Pipeline::~Pipeline() = default;

Result<void> Pipeline::run() {
  auto running = std::make_shared<Running>(*this);
  {
    const MutexLock lock(mutex_);
    if (running_) return internal_error("run() was called twice");
    running_ = running;
  }
  auto result = running->run();
  const MutexLock lock(mutex_);
  running_.reset();
  return result;
}

Result<std::optional<UserRecommendation>> Pipeline::recommend(const UserId& user) {
  std::shared_ptr<Running> running;
  {
    const MutexLock lock(mutex_);
    running = running_;
  }
  if (!running) return external_error("the pipeline does not run", {}, Remedy::kRetry);
  return running->recommend(user);
}

std::string Pipeline::why_not_ready() const {
  const MutexLock lock(mutex_);
  if (!running_) return "the pipeline does not run";
  if (!running_->is_ready()) return "the pipeline is starting, draining or has failed";
  if (!parts_.source->has_its_shards()) return "the shards are being shared out, opened or restored";
  return {};
}

std::uint64_t Pipeline::records() const {
  return records_.load();
}
std::uint64_t Pipeline::committed_records() const {
  return committed_records_.load();
}

}  // namespace eddy
