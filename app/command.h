#pragma once

#include <functional>

#include "base/result.h"

namespace CLI {
class App;
}

namespace eddy {

/// How the process ends; part of the interface, scripts rely on it.
enum class ExitCode : int {
  kDone = 0,     ///< all that was asked is done
  kFailed = 1,   ///< the world failed: a broker, a disk, a defect of Eddy
  kMistake = 2,  ///< the user's mistake: command line, configuration or input
};

/// What a command does once its command line is parsed. An error of Fault::kUser ends the process with
/// ExitCode::kMistake, any other with ExitCode::kFailed; its message is printed as the last line.
using RunCommand = std::function<Result<void>()>;

/// Declares a command's options (or its own sub-commands) at `command`, and returns what runs it. Options are
/// kept in memory that the returned function owns:
///
///     RunCommand declare_check_command(CLI::App& command) {
///       auto options = std::make_shared<CheckOptions>();
///       command.add_option("FILE", options->file, "The configuration")->required();
///       command.footer("Example:\n  eddy check eddy.yaml");
///       return [options] { return check(*options); };
///     }
using DeclareCommand = RunCommand (*)(CLI::App& command);

}  // namespace eddy
