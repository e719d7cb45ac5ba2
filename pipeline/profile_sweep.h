#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/batch.h"
#include "operators/operator.h"
#include "pipeline/operator_chain.h"
#include "state/store/hot_profiles.h"

namespace eddy {

/// Goes over all profiles of one shard in small steps between its batches, because its operators wish so:
/// after a model was replaced, say. The profiles come from the store in the order of their users, and are
/// taken from memory where they are there. Users without anything to recommend by (visitors that were
/// identified, forgotten users) are left out.
///
///     idle ─wish─▶ waiting ─all changes so far are stored─▶ sweeping ─last profile─▶ closing ─committed─▶
///     idle
///
/// Another wish begins anew. For the profile stage, but due(). A sweep that a stop or a rebalance interrupts
/// is over with its shard.
class ProfileSweep {
 public:
  /// All outlive this.
  ProfileSweep(HotProfiles& profiles, OperatorChain& operators, const Clock& clock)
      : profiles_(profiles), operators_(operators), clock_(clock) {}

  struct Step {
    std::size_t profiles = 0;
    bool wants_commit = false;  ///< there are outputs, which want to be in a unit soon
    bool has_begun = false, has_ended = false;
  };
  /// Lets the operators take over what is new; between two batches.
  void between_batches();
  /// A step, if one is due. What operators send goes to the batch's outputs. Errors: the store's and the
  /// operators'.
  Result<Step> step(Batch& batch);
  /// When the next step is due; the far future: there is no sweep. Thread-safe.
  [[nodiscard]] std::chrono::steady_clock::time_point due() const {
    return std::chrono::steady_clock::time_point(Ticks(due_.load()));
  }

 private:
  using Ticks = std::chrono::steady_clock::duration;
  enum class State : std::uint8_t { kIdle, kWaiting, kSweeping, kClosing };

  void due_in(std::chrono::duration<double> time);
  [[nodiscard]] std::size_t profiles_per_step() const;
  Result<void> sweep_some(Batch& batch, Step& step);

  HotProfiles& profiles_;
  OperatorChain& operators_;
  const Clock& clock_;
  std::atomic<Ticks::rep> due_{Ticks::max().count()};
  State state_ = State::kIdle;
  SweepWish wish_;
  std::uint64_t awaited_unit_ = 0, unit_of_outputs_ = 0;
  std::optional<UserId> last_user_;
  // Scratch memory.
  std::vector<std::pair<UserId, Profile*>> found_;
  std::vector<Item> items_;
  std::vector<Item*> pointers_;
};

}  // namespace eddy
