#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy demo`: simulates, trains, plays, and shows one call as it happens.
RunCommand declare_demo_command(CLI::App& command);

}  // namespace eddy
