#include "app/configured_run.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <utility>

#include "app/settings_file.h"
#include "model/cpu_capability.h"
#include "operators/builtin_operators.h"
#include "operators/plugin_loader.h"

namespace eddy {
namespace {

// A signal handler can reach globals only.
std::atomic<GraphApp*> stopped_by_signal{nullptr};
std::atomic<bool> signal_came{false};

extern "C" void stop_on_signal(int /*signal*/) {
  signal_came.store(true);
  if (GraphApp* app = stopped_by_signal.load()) app->stop();
}

}  // namespace

Result<LoadedSettings> load_configuration(const std::string& file,
                                          const std::vector<std::string>& overrides) {
  OperatorRegistry registry;
  EDDY_TRY(add_builtin_operators(registry));
  SettingsRequest request;
  request.file = file;
  request.overrides = overrides;
  request.load_plugin = load_plugin;
  return load_or_tell(request, registry);
}

void warn_of_slow_products() {
  if (const auto warning = cpu_capability_warning()) spdlog::warn("{}", *warning);
}

StopOnSignal::StopOnSignal(GraphApp& app) {
  signal_came = false;
  stopped_by_signal = &app;
  std::signal(SIGTERM, stop_on_signal);
  std::signal(SIGINT, stop_on_signal);
}

StopOnSignal::~StopOnSignal() {
  // The handlers stay: what is still to be closed, and the line that says why the process ends, come after
  // this.
  stopped_by_signal = nullptr;
}

bool StopOnSignal::was_stopped() const {
  return signal_came.load();
}

}  // namespace eddy
