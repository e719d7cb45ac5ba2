#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"
#include "event/batch.h"
#include "operators/operator_context.h"

namespace eddy {

/// A wish to go over all profiles of the shard in the background: what was made of them is stale.
struct SweepWish {
  std::uint64_t number = 0;        ///< 0: no wish; another one than before begins anew
  double profiles_per_second = 0;  ///< at most; 0: none are swept
};

/// One stage of the graph: takes a batch, changes it, passes it on.
///
/// Life:  create(params) → open(context) → process(…)* → close().   One instance per shard: process is never
/// called by two threads at once, but not always by the same one.
///
/// A bad record is refused (Batch::refuse) and goes to the dead letters. A returned error stops the shard.
class Operator {
 public:
  /// What process may touch.
  enum class Stage {
    kRecords,   ///< records and items; called once per batch
    kProfiles,  ///< also Item::profile; called once per round: round r holds the r-th event of each user, so
                ///< that no two items of a call have the same profile, and each sees the profile as it was at
                ///< its event
    kOutputs,   ///< items without their profiles, and outputs; called once per batch, after the last round
  };

  virtual ~Operator() = default;
  [[nodiscard]] virtual Stage stage() const = 0;
  virtual Result<void> open(OperatorContext& context) = 0;

  /// `items` are the ones to work on: all of batch.items (kRecords, kOutputs) or those of one round
  /// (kProfiles). Only a kRecords operator may add to or erase from batch.items.
  virtual Result<void> process(Batch& batch, std::span<Item* const> items) = 0;

  /// Answers a question from outside (HTTP) about a profile as it is now: an operator that computes
  /// recommendations fills `recommendation`; others leave it alone. Never called while process runs.
  virtual Result<void> recommend(Profile& /*profile*/, Recommendation& /*recommendation*/) { return {}; }

  /// kProfiles: called between two batches, also while the shard is quiet: the place to take over what was
  /// replaced from outside. The wish stays the same until there is something new to sweep for.
  virtual SweepWish between_batches() { return {}; }

  /// kProfiles: some profiles of a sweep, each once and between two batches: an operator that computes or
  /// sends recommendations does so as after an event. The items have a user, the time of the user's last
  /// event, a profile, and an event's id for the outputs, which an operator may replace by one that says
  /// more; no record (kNoRecord), and no body to look at.
  virtual Result<void> sweep(Batch& /*batch*/, std::span<Item* const> /*items*/) { return {}; }

  /// The sweep of this number has gone over all profiles, and what it sent is committed.
  virtual void swept(std::uint64_t /*number*/) {}

  virtual void close() {}
};

}  // namespace eddy
