#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "operators/option_set.h"

namespace eddy {

/// "100ms", "5s", "1.5s", "30min", "1h", "7d"; "0" needs no unit. Nothing if the text is none of these, is
/// negative, or does not come to whole milliseconds within 100 years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// "64MiB", "512KiB", "1.5GiB", "2TiB", "10B" or a plain number of bytes. Nothing otherwise.
[[nodiscard]] std::optional<ByteSize> parse_byte_size(std::string_view text);

/// As one would write it in YAML, with the largest unit that needs no fraction; both parse back to the same
/// value.
[[nodiscard]] std::string to_string(std::chrono::milliseconds duration);
[[nodiscard]] std::string to_string(ByteSize size);

}  // namespace eddy
