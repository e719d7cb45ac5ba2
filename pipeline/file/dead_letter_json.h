#pragma once

#include <string>

#include "event/dead_letter.h"

namespace eddy {

/// One line of JSON without its line end:
///
///     {"topic":"web","partition":3,"offset":17,"reason":"…","key":"…","value":"…"}
///
/// A key or value that is not valid UTF-8 is written as "key_base64" or "value_base64" instead.
[[nodiscard]] std::string dead_letter_json(const DeadLetter& letter);

}  // namespace eddy
