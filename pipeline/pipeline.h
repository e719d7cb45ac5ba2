#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/annotated_mutex.h"
#include "base/clock.h"
#include "base/metric.h"
#include "base/result.h"
#include "event/recommendation.h"
#include "operators/operator_context.h"
#include "pipeline/delivery.h"
#include "pipeline/operator_step.h"
#include "pipeline/pipeline_options.h"
#include "pipeline/sink.h"
#include "pipeline/source.h"
#include "state/store/profile_store.h"

namespace eddy {

/// What a pipeline is made of. All pointers outlive it.
struct PipelineParts {
  std::unique_ptr<Source> source;
  std::map<std::string, std::shared_ptr<Sink>> sinks;  ///< "dead_letters" takes refused records
  std::vector<OperatorStep> operators;
  /// Opens a shard's store; is told how many shards there are. Called while run() runs, for
  /// several shards at once.
  std::function<Result<std::unique_ptr<ProfileStore>>(ShardId, std::int32_t)> open_store;
  /// Called after open_store, by the same thread. Unset: the sinks, at_least_once.
  DeliveryOpener open_delivery;
  PipelineOptions options;
  const Clock* clock = &system_clock();
  RefreshListener* listener = nullptr;  ///< may be null
  MetricRegistry* metrics = nullptr;    ///< must not be null
  std::function<void(const Error&)>
      on_retry;  ///< hears what the source failed at and tries again; may be empty
};

/// A user's recommendation at the time of a question.
struct UserRecommendation {
  Recommendation recommendation;
  EventTime last_event;  ///< of the latest event that is known of the user
};

/// Runs one graph: one polling thread (the one that calls run()), the graph's threads, a committer a shard.
///
///     stopped ─run()▶ starting ─▶ running ─stop(), end of source▶ draining ─▶ stopped
///                        └────────────┴─ error ─▶ stopped: nothing beyond the last commit is kept
///
/// An error of one shard whose remedy is kRewind closes that shard and opens it anew from its last commit.
class Pipeline {
 public:
  explicit Pipeline(PipelineParts parts);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Returns after stop() or at the end of a bounded source, when everything read is committed; or with the
  /// first error.
  Result<void> run();
  /// Asks run() to drain and return. Thread-safe, and safe in a signal handler.
  void stop() noexcept { wants_stop_.store(true); }
  [[nodiscard]] bool is_stopping() const noexcept { return wants_stop_.load(); }

  /// Something that operators take over between two batches was replaced: quiet shards are woken for it.
  /// Thread-safe.
  void wake_shards() noexcept { has_news_.store(true); }

  /// What is recommended to a user now; empty for a user that no shard here knows. Thread-safe.
  Result<std::optional<UserRecommendation>> recommend(const UserId& user);
  /// Empty when the pipeline reads and answers; else the reason why not. Thread-safe.
  [[nodiscard]] std::string why_not_ready() const;

  /// Records handed over by the source so far. Thread-safe.
  [[nodiscard]] std::uint64_t records() const;
  /// Records of them that are committed. Thread-safe.
  [[nodiscard]] std::uint64_t committed_records() const;
  [[nodiscard]] SourceProgress progress() const { return parts_.source->progress(); }

 private:
  class Running;
  PipelineParts parts_;
  std::atomic<bool> wants_stop_{false}, has_news_{false};
  mutable Mutex mutex_;
  std::shared_ptr<Running> running_ EDDY_GUARDED_BY(mutex_);
  std::atomic<std::uint64_t> records_{0}, committed_records_{0};
};

}  // namespace eddy
