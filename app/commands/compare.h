#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy compare`: trains several models from several seeds, measures them, and reports.
RunCommand declare_compare_command(CLI::App& command);

}  // namespace eddy
