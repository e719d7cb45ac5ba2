#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/annotated_mutex.h"
#include "base/clock.h"
#include "pipeline/committer.h"
#include "pipeline/envelope.h"
#include "pipeline/graph/flow_graph.h"
#include "pipeline/operator_chain.h"
#include "pipeline/pipeline_metrics.h"
#include "pipeline/pipeline_options.h"
#include "pipeline/profile_sweep.h"
#include "pipeline/rounds.h"
#include "state/store/hot_profiles.h"

namespace eddy {

/// The users of one partition number: their profiles, the operators that change them, and the way to the
/// commit.
///
///     put ─▶ [records stage] ─▶ [profiles stage] ─▶ [outputs stage] ─▶ committer
///             decode, redact     fold, refresh…      to JSON…           delivery, store
///
/// Life: open ─▶ put* ─▶ drain ─▶ (put* ─▶ drain)* ─▶ destruction. After a failure, or give_up(), what is put
/// comes back unprocessed; a new Shard over the same store goes on from the last commit.
class Shard {
 public:
  struct Parts {
    ShardId id;
    std::unique_ptr<ProfileStore> store;
    std::unique_ptr<Delivery> delivery;
    std::span<const OperatorStep> operators;
    PipelineOptions options;
    std::size_t hot_profiles_bytes = 0;
    std::size_t unit_bytes = SIZE_MAX;  ///< of records: a unit of commit is taken when it has so many
    GraphThreads* threads = nullptr;
    const Clock* clock = nullptr;
    RefreshListener* listener = nullptr;
    MetricRegistry* registry = nullptr;
    PipelineMetrics* metrics = nullptr;
    std::function<void(Envelope&)> done;  ///< an envelope may be recycled
    std::function<void(const Positions&)> committed;
    std::function<void(Error)> failed;  ///< at most once
  };

  static Result<std::unique_ptr<Shard>> open(Parts parts);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// The positions of the last commit.
  [[nodiscard]] const Positions& start_positions() const { return start_positions_; }

  /// Where the source begins: part of the next commit, so that a topic that stays quiet begins there again.
  void start_at(const Positions& positions);

  /// From the polling thread. The envelope comes back through `done`.
  void put(Envelope& envelope);
  /// When to put an empty envelope, a tick, so that what was put and no unit of commit holds yet is
  /// committed, or a sweep goes on; the far future while there is nothing, or the commits under way are
  /// enough. For the polling thread.
  [[nodiscard]] std::chrono::steady_clock::time_point tick_due() const;
  /// Returns when everything put was handled (and committed, where the last envelope asked for it).
  void drain();
  /// Commits nothing any more. Thread-safe.
  void give_up();

  /// What is recommended to a user now; empty for a user nobody knows. Thread-safe; waits for the batch being
  /// processed.
  Result<std::optional<Recommendation>> recommend(const UserId& user, EventTime& last_event);

 private:
  explicit Shard(Parts parts);
  Result<void> start();
  void records_stage(Envelope& envelope);
  void profiles_stage(Envelope& envelope);
  void outputs_stage(Envelope& envelope);
  Result<void> process_profiles(Envelope& envelope) EDDY_REQUIRES(profiles_mutex_);
  void note_records(const Envelope& envelope) EDDY_REQUIRES(profiles_mutex_);
  Result<void> sweep(Envelope& envelope) EDDY_REQUIRES(profiles_mutex_);
  void take_unit_if_due(Envelope& envelope) EDDY_REQUIRES(profiles_mutex_);
  void fail(Error error);

  const Parts parts_;
  Positions start_positions_;
  std::unique_ptr<HotProfiles> profiles_;  // guarded by profiles_mutex_
  OperatorChain operators_;                // each stage's operators belong to that stage
  ProfileSweep sweep_;                     // guarded by profiles_mutex_, but for due()

  std::atomic<bool> has_failed_{false};
  std::atomic<std::size_t> units_under_way_{0};
  std::atomic<std::int64_t> uncommitted_records_{0};  // put, and not yet in a unit
  std::atomic<bool> tick_is_under_way_{false};
  std::atomic<bool> has_uncommitted_sweep_{false};           // a sweep sent outputs that no unit commits yet
  std::atomic<std::chrono::steady_clock::rep> unit_due_{0};  // when the next unit is to be taken
  std::atomic<int> waiting_questions_{0};                    // threads in recommend() that want the mutex

  Mutex profiles_mutex_;
  Rounds rounds_ EDDY_GUARDED_BY(profiles_mutex_);
  std::uint64_t batch_number_ EDDY_GUARDED_BY(profiles_mutex_) = 0;
  std::vector<UserId> users_ EDDY_GUARDED_BY(profiles_mutex_);
  std::vector<Profile*> found_ EDDY_GUARDED_BY(profiles_mutex_);
  std::vector<SourcePosition> next_positions_ EDDY_GUARDED_BY(profiles_mutex_);
  Positions known_positions_ EDDY_GUARDED_BY(profiles_mutex_);  // of the last unit, over all topics
  std::int64_t records_since_unit_ EDDY_GUARDED_BY(profiles_mutex_) = 0;
  std::size_t bytes_since_unit_ EDDY_GUARDED_BY(profiles_mutex_) = 0;
  std::uint64_t hits_seen_ EDDY_GUARDED_BY(profiles_mutex_) = 0, misses_seen_
                                                                 EDDY_GUARDED_BY(profiles_mutex_) = 0;

  std::unique_ptr<Committer> committer_;
  std::unique_ptr<FlowGraph> graph_;  // last: its stages use all of the above
};

}  // namespace eddy
