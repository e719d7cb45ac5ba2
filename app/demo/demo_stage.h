#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/configured_run.h"
#include "app/demo/call_view.h"
#include "app/demo/demo_data.h"
#include "app/demo/demo_run.h"
#include "app/demo/event_pipe.h"
#include "app/demo/refresh_news.h"
#include "app/demo/watched_call.h"
#include "app/graph_app.h"

namespace eddy {

/// The live part of the demo: a pipeline that reads a pipe, and a player that writes it: as fast as it goes,
/// but slowly through the call that is shown. Everything but the pipeline is on the thread that calls play().
class DemoStage {
 public:
  static Result<std::unique_ptr<DemoStage>> make(const DemoOptions& options, DemoData data,
                                                 const std::string& bundle);
  ~DemoStage();
  DemoStage(const DemoStage&) = delete;
  DemoStage& operator=(const DemoStage&) = delete;

  /// Plays all events and shows the call, then the figures, then how to ask for more.
  Result<void> play();

 private:
  DemoStage(const DemoOptions& options, DemoData data, WatchedCall watched)
      : options_(options), data_(std::move(data)), watched_(std::move(watched)) {}

  Result<void> open(const std::string& bundle);
  Result<void> play_fast(std::size_t from, std::size_t to);
  Result<void> play_call();
  Result<void> send(const Event& event);
  void show(const std::string& who, const std::string& text, const RefreshNews::News& news);
  void pause_for(std::chrono::duration<double> time) const;
  void print_figures(double hit_rate) const;
  void keep_serving() const;
  /// Ends the input, waits for the pipeline, and gives its error.
  Result<void> finish();
  [[nodiscard]] bool is_over() const;

  const DemoOptions options_;
  const DemoData data_;
  const WatchedCall watched_;
  CallViewOptions view_;

  std::unique_ptr<GraphApp> app_;
  std::unique_ptr<EventPipe> pipe_;
  std::optional<StopOnSignal> signals_;
  RefreshNews news_;
  ScoreStream::Subscription subscription_;
  std::atomic<bool> has_ended_{false};
  std::optional<Result<void>> outcome_;  ///< written by pipeline_ before it ends
  std::thread pipeline_;

  std::map<std::string, double> scores_before_;
  std::uint64_t sent_ = 0;
  std::uint64_t fast_events_ = 0;
  double fast_seconds_ = 0;
};

}  // namespace eddy
