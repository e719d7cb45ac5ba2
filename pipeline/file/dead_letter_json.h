#pragma once

#include <string>
#include <string_view>

#include "event/dead_letter.h"

namespace eddy {

/// One line of JSON without its line end:
///
///     {"topic":"web","partition":3,"offset":17,"reason":"…","key":"…","value":"…"}
///
/// A key or value that is not valid UTF-8 is written as "key_base64" or "value_base64" instead.
[[nodiscard]] std::string dead_letter_json(const DeadLetter& letter);

/// `text` (valid UTF-8) as a JSON string with its quotes, appended to `json`.
void append_json_string(std::string& json, std::string_view text);

}  // namespace eddy
