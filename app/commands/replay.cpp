#include "app/commands/replay.h"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/configured_run.h"
#include "app/logging.h"
#include "app/prequential_report.h"
#include "app/progress.h"
#include "model/torch_runtime.h"

namespace eddy {
namespace {

/// At least. Nobody waits for a replay's outputs before its end, so it commits when a unit has filled its
/// part of limits.in_flight: a profile that changed twice in a unit is written once.
constexpr std::chrono::seconds kCommitInterval{10};

struct ReplayOptions {
  std::string file, from, to, state = "eddy-replay", out;
  std::vector<std::string> overrides;
  bool http = false;
};

Result<std::optional<EventTime>> time_option(const std::string& name, const std::string& text) {
  if (text.empty()) return std::optional<EventTime>();
  auto time = parse_rfc3339(text);
  if (!time) return user_error("--" + name + ": " + time.error().message);
  return std::optional(*time);
}

Result<void> bound(const ReplayOptions& options, SourceSettings& source) {
  if (auto* kafka = std::get_if<KafkaSourceOptions>(&source.options)) {
    kafka->bounded = true;
    if (!options.from.empty()) kafka->from = options.from;
    kafka->to = options.to;
    return {};
  }
  auto& files = std::get<FileSourceOptions>(source.options);
  EDDY_ASSIGN(files.from, time_option("from", options.from));
  EDDY_ASSIGN(files.to, time_option("to", options.to));
  files.rate = 0;
  files.speed = 0;
  return {};
}

/// A replay never writes to where the live run writes.
Result<void> redirect_sinks(const ReplayOptions& options, Settings& settings) {
  std::error_code error;
  if (!options.out.empty()) std::filesystem::create_directories(options.out, error);
  if (error) return user_error("--out " + options.out + ": " + error.message());
  for (auto& [name, sink] : settings.sinks) {
    if (options.out.empty()) {
      sink.options = DiscardSinkOptions{};
    } else {
      sink.options = FileSinkOptions{options.out + "/" + name + ".jsonl", false};
    }
  }
  return {};
}

Result<void> check_is_fresh(const std::string& directory) {
  std::error_code error;
  if (std::filesystem::exists(directory, error) && !std::filesystem::is_empty(directory, error)) {
    return user_error("state directory '" + directory +
                      "' is not empty; a replay starts from nothing: name another with "
                      "--state, or remove it");
  }
  return {};
}

/// Shows how far the pipeline is, from a thread of its own, until it goes.
class ShownProgress {
 public:
  explicit ShownProgress(Pipeline& pipeline) : pipeline_(pipeline), thread_([this] { run(); }) {}
  ~ShownProgress() {
    is_over_ = true;
    is_over_.notify_all();
    thread_.join();
  }
  ShownProgress(const ShownProgress&) = delete;
  ShownProgress& operator=(const ShownProgress&) = delete;

 private:
  void run() {
    Progress bar("replay", 0);
    while (!is_over_) {
      const SourceProgress progress = pipeline_.progress();
      bar.set_total(progress.total);
      bar.set_detail(std::to_string(pipeline_.records()) + " events");
      bar.set(progress.done);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const SourceProgress progress = pipeline_.progress();
    bar.set(progress.done);
    bar.finish();
  }

  Pipeline& pipeline_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

Result<void> replay(const ReplayOptions& options) {
  use_one_torch_thread();
  EDDY_TRY(check_is_fresh(options.state));
  EDDY_ASSIGN(auto loaded, load_configuration(options.file, options.overrides));
  loaded.settings.state.directory = options.state;
  loaded.settings.http.enabled = options.http;
  loaded.settings.delivery = "at_least_once";  // into files and a state of its own, from the beginning
  auto& interval = loaded.settings.pipeline.commit_interval;
  interval = std::max<std::chrono::milliseconds>(interval, kCommitInterval);
  for (SourceSettings& source : loaded.settings.sources) EDDY_TRY(bound(options, source));
  EDDY_TRY(redirect_sinks(options, loaded.settings));
  start_logging(loaded.settings.log);
  warn_of_slow_products();
  // One model from the beginning to the end, so that the same replay gives the same.
  EDDY_ASSIGN(auto app, GraphApp::make(std::move(loaded), BundleChanges::kIgnored));
  const StopOnSignal signals(*app);
  const auto start = std::chrono::steady_clock::now();
  {
    const ShownProgress progress(app->pipeline());
    EDDY_TRY(app->run());
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto records = static_cast<double>(app->pipeline().committed_records());
  const auto refused = app->metrics().counter("eddy_dead_letters_total", "").value();
  std::cout << std::fixed << std::setprecision(0) << records << " events in " << std::setprecision(2)
            << seconds << " s, " << std::setprecision(0) << records / seconds << " a second; " << refused
            << " refused; state in " << options.state
            << (options.out.empty() ? "" : ", outputs in " + options.out) << '\n';
  if (const Prequential* prequential = app->prequential()) std::cout << prequential_report(*prequential);
  if (signals.was_stopped()) return external_error("stopped by a signal before the end of the range");
  return {};
}

}  // namespace

RunCommand declare_replay_command(CLI::App& command) {
  auto options = std::make_shared<ReplayOptions>();
  command.add_option("FILE", options->file, "The configuration; or 'default', or 'preset:NAME'")->required();
  command.add_option("--from", options->from,
                     "Begin here: an RFC 3339 time; for topics also beginning or an offset");
  command.add_option("--to", options->to, "End before this; default: the end as it is now");
  command.add_option("--state", options->state, "A fresh state directory")->capture_default_str();
  command.add_option("--out", options->out,
                     "Write each sink's messages to DIR/<sink>.jsonl; default: drop them");
  command.add_flag("--http", options->http, "Also serve HTTP as configured, while it runs");
  command.add_option("--set", options->overrides, "PATH=VALUE over the file; repeatable")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  command.footer(
      "Runs the graph over a range of its files or topics as fast as it can, and ends there. Nothing is "
      "written to the\n"
      "configured sinks or state, and no consumer group is joined, so it may run beside the live graph.\n"
      "\n"
      "Examples:\n"
      "  eddy replay eddy.yaml --from 2026-11-22T00:00:00Z --to 2026-11-23T00:00:00Z --state last-night "
      "--out last-night-out\n"
      "  eddy profile get ann --state last-night");
  return [options] { return replay(*options); };
}

}  // namespace eddy
