#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "operators/params.h"

namespace eddy {

/// What a configuration may take from outside its file. Tests give their own.
struct Surroundings {
  /// The value of an environment variable; nothing if it is not set.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  /// The contents of a secret's file, without a newline at its end.
  std::function<Result<std::string>(const std::string& path)> secret;
};

/// The process's environment, and regular files of up to 64 KiB.
[[nodiscard]] Surroundings process_surroundings();

/// Replaces in every scalar below `node`:
///
///     ${NAME}            the environment variable; a mistake if it is not set
///     ${NAME:-default}   the same, or the default if it is not set or empty
///     ${file:/path}      the contents of a file, for secrets
///     $${                a plain ${
///
/// What was put in is never read again for more, and is never parsed as YAML. Scalars with something from
/// outside (not a default) keep their text as ParamNode::written, which is what people may see. Appends
/// mistakes with their places.
void substitute(ParamNode& node, const Surroundings& surroundings, std::vector<Error>& mistakes);

}  // namespace eddy
