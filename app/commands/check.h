#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy check FILE [--set PATH=VALUE …] [--plan]`: names every mistake of a configuration, or says what it
/// will do. With --reference, prints docs/configuration.md; with --print, a configuration of the program
/// itself.
RunCommand declare_check_command(CLI::App& command);

}  // namespace eddy
