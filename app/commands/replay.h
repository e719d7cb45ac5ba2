#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy replay`: a configuration's graph over a range of its input, into a fresh state directory.
RunCommand declare_replay_command(CLI::App& command);

}  // namespace eddy
