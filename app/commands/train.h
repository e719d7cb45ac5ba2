#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy train`: learns a model from events and writes a bundle.
RunCommand declare_train_command(CLI::App& command);

}  // namespace eddy
