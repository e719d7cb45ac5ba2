#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy simulate`: writes a clickstream, calls and purchases, or the standard work, to files or topics.
RunCommand declare_simulate_command(CLI::App& command);

}  // namespace eddy
