#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "operators/params.h"

namespace eddy {

/// No configuration is larger; what is, was given by mistake.
inline constexpr std::size_t kMaxYamlBytes = std::size_t{1} << 20U;

/// One YAML document as a tree that knows its lines. `name` stands in the places: "eddy.yaml:12". A child's
/// place is the line of its key. Anchors, aliases and merge keys (<<) are resolved.
///
/// Error (user's, one): text that is no YAML, more than one document, more than 1 MiB, or nested or repeated
/// through aliases beyond all reason. Duplicate keys and keys that are no scalars are appended to `mistakes`
/// instead.
Result<ParamNode> parse_yaml(std::string_view text, const std::string& name, std::vector<Error>& mistakes);

/// The same for a file, named by its path. Error (user's): also a file that cannot be read.
Result<ParamNode> read_yaml(const std::filesystem::path& path, std::vector<Error>& mistakes);

}  // namespace eddy
