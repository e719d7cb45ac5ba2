#pragma once

#include "app/command.h"

namespace eddy {

/// Parses the command line, runs the command that it names, and gives the exit code. Prints help and errors;
/// the one place that does so for every command. Never throws.
int run_command_line(int argc, const char* const* argv) noexcept;

}  // namespace eddy
