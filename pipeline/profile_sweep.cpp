#include "pipeline/profile_sweep.h"

#include <algorithm>

namespace eddy {
namespace {

// A step holds up the events behind it: some milliseconds at most, and at low rates less.
constexpr std::size_t kMostProfiles = 64;
constexpr double kStepSeconds = 0.05;
// Between two looks at whether a unit is stored.
constexpr std::chrono::duration<double> kPatience{0.02};
// Stands in the outputs where no operator says better what caused them.
constexpr const char* kCause = "sweep";

bool has_something_to_recommend_by(const Facts& facts) {
  return !facts.identified_as &&
         (!facts.sessions.empty() || !facts.calls.empty() || !facts.purchases.empty() || facts.portfolio);
}

}  // namespace

void ProfileSweep::due_in(std::chrono::duration<double> time) {
  due_ = (clock_.steady_now() + std::chrono::duration_cast<Ticks>(time)).time_since_epoch().count();
}

std::size_t ProfileSweep::profiles_per_step() const {
  const double wanted = wish_.profiles_per_second * kStepSeconds;
  return wanted >= static_cast<double>(kMostProfiles)
             ? kMostProfiles
             : std::max<std::size_t>(1, static_cast<std::size_t>(wanted));
}

void ProfileSweep::between_batches() {
  const SweepWish wish = operators_.between_batches();
  if (wish.number == 0 || wish.number == wish_.number || wish.profiles_per_second <= 0) return;
  wish_ = wish;
  state_ = State::kWaiting;
  // A user whose first events are in no unit yet is not in the store, where the sweep looks for users.
  awaited_unit_ = profiles_.taken_units() + (profiles_.has_changes() ? 1 : 0);
  last_user_.reset();
  due_in({});
}

Result<ProfileSweep::Step> ProfileSweep::step(Batch& batch) {
  Step step;
  if (state_ == State::kIdle || clock_.steady_now() < due()) return step;
  if (state_ != State::kSweeping && !profiles_.is_applied(awaited_unit_)) {
    due_in(kPatience);
    return step;
  }
  switch (state_) {
    case State::kIdle:
      break;
    case State::kWaiting:
      state_ = State::kSweeping;
      step.has_begun = true;
      [[fallthrough]];
    case State::kSweeping:
      EDDY_TRY(sweep_some(batch, step));
      break;
    case State::kClosing:
      operators_.swept();
      state_ = State::kIdle;
      wish_ = {};
      due_ = Ticks::max().count();
      step.has_ended = true;
      break;
  }
  return step;
}

Result<void> ProfileSweep::sweep_some(Batch& batch, Step& step) {
  const std::size_t most = profiles_per_step();
  EDDY_TRY(profiles_.scan(last_user_ ? &*last_user_ : nullptr, most, found_));
  items_.clear();
  pointers_.clear();
  items_.reserve(found_.size());
  for (const auto& [user, profile] : found_) {
    if (!has_something_to_recommend_by(profile->facts)) continue;
    Item& item = items_.emplace_back();
    item.record = kNoRecord;
    item.event.id = EventId(kCause);
    item.event.user = user;
    item.event.time = last_event_time(profile->facts);
    item.profile = profile;
    pointers_.push_back(&item);
  }
  const std::size_t outputs = batch.outputs.size();
  EDDY_TRY(operators_.sweep(batch, pointers_));
  step.profiles = found_.size();
  step.wants_commit = batch.outputs.size() > outputs;
  if (step.wants_commit) unit_of_outputs_ = profiles_.taken_units() + 1;
  if (found_.size() == most) {
    last_user_ = found_.back().first;
    due_in(std::chrono::duration<double>(static_cast<double>(most) / wish_.profiles_per_second));
    return {};
  }
  state_ = State::kClosing;
  awaited_unit_ = unit_of_outputs_;
  due_in(kPatience);
  return {};
}

}  // namespace eddy
