#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/bundle_files.h"

namespace eddy {

/// The files of a text encoder's directory that are there and count, sorted: names relative to it, such as
/// "config.json" and "1_Pooling/config.json". Error (user's): one that is needed is missing.
Result<std::vector<std::string>> text_encoder_files(const std::filesystem::path& directory);

/// "bert@" and the first digits of the checksum over these files' names and checksums: the same wherever the
/// directory lies, another if a byte changes. Errors as above.
Result<std::string> text_encoder_name(const std::filesystem::path& directory);
/// The same of known checksums.
[[nodiscard]] std::string text_encoder_name(const Checksums& checksums);

}  // namespace eddy
