#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace eddy {

/// Appends `text` (valid UTF-8) as a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);
/// Appends the shortest decimal that reads back as the same float; `value` is finite.
void append_json_number(std::string& out, float value);
void append_json_number(std::string& out, std::uint64_t value);

}  // namespace eddy
