#pragma once

#include <string>
#include <vector>

#include "app/graph_app.h"
#include "base/result.h"
#include "config/settings_loader.h"

namespace eddy {

/// Loads a configuration with the built-in operators and its plug-ins. Prints every mistake to the standard
/// error; the error returned counts them.
Result<LoadedSettings> load_configuration(const std::string& file, const std::vector<std::string>& overrides);

/// Logs what makes refreshes slower than this machine allows. After start_logging().
void warn_of_slow_products();

/// SIGTERM and SIGINT stop the app that this was made for, while it lives. One at a time in a process. After
/// it they do nothing: the process is about to end by itself, with an exit status of its own.
class StopOnSignal {
 public:
  explicit StopOnSignal(GraphApp& app);
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;
  /// Whether a signal came.
  [[nodiscard]] bool was_stopped() const;
};

}  // namespace eddy
