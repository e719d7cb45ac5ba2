#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy evaluate`: measures a bundle's rankings against what was bought.
RunCommand declare_evaluate_command(CLI::App& command);

}  // namespace eddy
