#include "app/comparison_progress.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace eddy {
namespace {

/// Of a run, before its own pace is believed.
constexpr double kPartToTrust = 0.05;
/// Of a run when nothing is known.
constexpr double kUnknownSeconds = 1;

std::uint64_t milliseconds(double seconds) {
  return static_cast<std::uint64_t>(std::llround(seconds * 1000));
}

}  // namespace

ComparisonProgress::ComparisonProgress(std::vector<RunKey> runs, std::span<const FinishedRun> finished,
                                       const Clock& clock)
    : runs_(std::move(runs)), clock_(clock), bar_("comparing", 0, clock) {
  for (const FinishedRun& run : finished) {
    if (!run.impossible.empty()) continue;
    Known& known = known_[run.key.model];
    known.seconds += run.training_seconds;
    ++known.runs;
  }
}

void ComparisonProgress::begin() {
  run_start_ = clock_.steady_now();
  is_running_ = true;
  part_ = 0;
  ++next_;
  show(0, "");
}

void ComparisonProgress::show(double part, const std::string& detail) {
  part_ = part;
  bar_.set_total(std::max<std::uint64_t>(1, milliseconds(total_seconds())));
  std::string text = "run " + std::to_string(next_) + " of " + std::to_string(runs_.size());
  if (next_ > 0) text += ", " + runs_[next_ - 1].name();
  bar_.set_detail(text + (detail.empty() ? "" : ": " + detail));
  bar_.set(milliseconds(done_seconds()));
}

void ComparisonProgress::end() {
  Known& known = known_[runs_[next_ - 1].model];
  known.seconds += elapsed();
  ++known.runs;
  finished_seconds_ += elapsed();
  is_running_ = false;
  show(0, "");
}

double ComparisonProgress::elapsed() const {
  return std::chrono::duration<double>(clock_.steady_now() - run_start_).count();
}

ComparisonProgress::Known ComparisonProgress::known_of(const std::string& model) const {
  const auto found = known_.find(model);
  if (found != known_.end()) return found->second;
  Known all;
  for (const auto& [name, known] : known_) {
    all.seconds += known.seconds;
    all.runs += known.runs;
  }
  return all;
}

double ComparisonProgress::expected_of_this() const {
  if (part_ >= kPartToTrust) return elapsed() / part_;
  return std::max(elapsed(), known_of(runs_[next_ - 1].model).mean());
}

double ComparisonProgress::expected_later(const std::string& model) const {
  Known known = known_of(model);
  const bool is_same = is_running_ && model == runs_[next_ - 1].model;
  if (!known_.contains(model) && is_same) return expected_of_this();
  if (is_same || (is_running_ && !known_.contains(model))) {
    known.seconds += expected_of_this();
    ++known.runs;
  }
  return known.mean();
}

double ComparisonProgress::Known::mean() const {
  return runs == 0 ? kUnknownSeconds : seconds / static_cast<double>(runs);
}

double ComparisonProgress::done_seconds() const {
  return finished_seconds_ + (is_running_ ? part_ * expected_of_this() : 0);
}

double ComparisonProgress::total_seconds() const {
  double total = finished_seconds_ + (is_running_ ? expected_of_this() : 0);
  for (std::size_t run = next_; run < runs_.size(); ++run) total += expected_later(runs_[run].model);
  return total;
}

}  // namespace eddy
