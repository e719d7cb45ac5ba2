#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "operators/redact/pii_scanner.h"

namespace eddy {

/// A piece of text that was recognised, from where the search began.
struct NumberMatch {
  std::optional<PiiKind> kind;  ///< nothing: a date or an amount, to be left alone as a whole
  std::size_t end = 0;          ///< one past its last byte
};

/// A number that starts at `at` (a digit, '+' or '('): card, national id, phone number,
/// date or amount. `wants` has a bit for each
/// PiiKind. Looks at most some 40 bytes ahead.
[[nodiscard]] std::optional<NumberMatch> match_number(std::string_view text, std::size_t at,
                                                      std::uint32_t wants);

/// The end of the IBAN that starts at `at`, spaces between its groups included; 0 if there is none.
[[nodiscard]] std::size_t match_iban(std::string_view text, std::size_t at);

}  // namespace eddy
