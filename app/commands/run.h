#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy run`: a configuration's graph, until SIGTERM or SIGINT.
RunCommand declare_run_command(CLI::App& command);

}  // namespace eddy
