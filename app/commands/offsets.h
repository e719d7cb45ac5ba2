#pragma once

#include "app/command.h"

namespace eddy {

/// `eddy offsets show FILE` says where each input partition is read on; `eddy offsets set FILE --to PLACE`
/// says what another place would read again or skip, and with --yes sets it, while nobody reads.
RunCommand declare_offsets_command(CLI::App& command);

}  // namespace eddy
