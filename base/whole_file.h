#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace eddy {

/// Where write_whole_file() writes before it renames; a process that was killed leaves it behind.
[[nodiscard]] std::filesystem::path draft_of(const std::filesystem::path& path);

/// Writes a file whole or not at all: beside its place, made durable, then renamed. The entry in its folder
/// is not made durable. Errors: external ones, with the path.
Result<void> write_whole_file(const std::filesystem::path& path, std::string_view content);

/// All bytes of a file; nothing if there is no such file. Errors: external ones, with the path.
Result<std::optional<std::string>> read_whole_file(const std::filesystem::path& path);

}  // namespace eddy
