#pragma once

#include <string>
#include <string_view>

namespace eddy {

/// Whether every \u escape of a surrogate in valid JSON text is half of a pair. A lone one has no UTF-8 form,
/// and the parser would pass it on as broken bytes. Linear; next to nothing without a backslash.
[[nodiscard]] bool surrogates_are_paired(std::string_view json);

/// 'text', cut at a character's boundary after some 60 bytes. `text` is valid UTF-8.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace eddy
