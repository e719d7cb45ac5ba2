#include "app/commands/run.h"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "app/configured_run.h"
#include "app/logging.h"
#include "model/torch_runtime.h"

namespace eddy {
namespace {

struct RunOptions {
  std::string file;
  std::vector<std::string> overrides;
};

Result<void> run(const RunOptions& options) {
  use_one_torch_thread();
  EDDY_ASSIGN(auto loaded, load_configuration(options.file, options.overrides));
  start_logging(loaded.settings.log);
  warn_of_slow_products();
  EDDY_ASSIGN(auto app, GraphApp::make(std::move(loaded)));
  const StopOnSignal signals(*app);
  spdlog::info("graph '{}' starts; state in {}", app->settings().name, app->settings().state.directory);
  if (!app->url().empty()) {
    spdlog::info("recommendations at {0}/v1/users/USER/recommendations, metrics at {0}/metrics", app->url());
  }
  EDDY_TRY(app->run());
  spdlog::info("stopped; {} records are committed", app->pipeline().committed_records());
  return {};
}

}  // namespace

RunCommand declare_run_command(CLI::App& command) {
  auto options = std::make_shared<RunOptions>();
  command.add_option("FILE", options->file, "The configuration; or 'default', or 'preset:NAME'")->required();
  command
      .add_option("--set", options->overrides,
                  "PATH=VALUE over the file, such as commit.interval=1s; repeatable")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  command.footer(
      "Runs until SIGTERM or SIGINT, then drains, commits and exits with 0. Files as sources end by "
      "themselves.\n"
      "A restart goes on where the last commit was.\n"
      "\n"
      "Examples:\n"
      "  eddy topics create eddy.yaml && eddy run eddy.yaml\n"
      "  EDDY_BUNDLE=./bundle eddy run default --set http.listen=127.0.0.1:9000");
  return [options] { return run(*options); };
}

}  // namespace eddy
