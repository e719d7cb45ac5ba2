#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy state verify | rebuild (FILE | --config FILE) [--shard N]`: compares the stores of a state directory
/// with their changelog, or makes them anew from it. For a directory that no process uses.
RunCommand declare_state_command(CLI::App& command);

}  // namespace eddy
