#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/progress.h"
#include "base/clock.h"
#include "model/comparison/finished_run.h"

namespace eddy {

/// One bar over all runs of a comparison. Models differ much in what they take, so a run counts by the
/// seconds that are expected of it: as long as its model took before, or as long as the others on average.
/// For one thread.
class ComparisonProgress {
 public:
  /// `runs`: those to come, in their order. `finished`: earlier ones, whose times are known. `clock` outlives
  /// this.
  ComparisonProgress(std::vector<RunKey> runs, std::span<const FinishedRun> finished,
                     const Clock& clock = system_clock());

  /// The next run begins.
  void begin();
  /// The run is so far, 0..1.
  void show(double part, const std::string& detail);
  /// The run is finished.
  void end();

  /// Seconds done and to be done, as the bar has them.
  [[nodiscard]] double done_seconds() const;
  [[nodiscard]] double total_seconds() const;

 private:
  /// What finished runs took.
  struct Known {
    double seconds = 0;
    std::size_t runs = 0;

    [[nodiscard]] double mean() const;
  };

  [[nodiscard]] double elapsed() const;
  /// Of the model, or else of all models.
  [[nodiscard]] Known known_of(const std::string& model) const;
  /// Of the run in work: what it took so far says more than its model's earlier runs.
  [[nodiscard]] double expected_of_this() const;
  /// Of a run to come; the run in work counts, where it says something of the model.
  [[nodiscard]] double expected_later(const std::string& model) const;

  const std::vector<RunKey> runs_;
  const Clock& clock_;
  std::map<std::string, Known> known_;
  double finished_seconds_ = 0;  ///< of runs_
  std::size_t next_ = 0;         ///< in runs_; with a run in work the one after it
  bool is_running_ = false;
  double part_ = 0;
  std::chrono::steady_clock::time_point run_start_;
  Progress bar_;
};

}  // namespace eddy
