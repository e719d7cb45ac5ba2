#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy profile get USER` and `eddy profile list`: what is stored of users, read beside a running process.
RunCommand declare_profile_command(CLI::App& command);

}  // namespace eddy
