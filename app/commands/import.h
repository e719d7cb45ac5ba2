#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy import tryg DIR`: turns a published data set into events, to files or topics.
RunCommand declare_import_command(CLI::App& command);

}  // namespace eddy
