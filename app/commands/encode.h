#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy encode`: gives events the vectors of their texts, so that training and serving need not make them.
RunCommand declare_encode_command(CLI::App& command);

}  // namespace eddy
