#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

/// The target of a request, taken apart and percent-decoded. "/v1/users/a%2Fb?k=3" has the segments "v1",
/// "users", "a/b" and the parameter k.
struct RequestTarget {
  std::vector<std::string> segments;
  std::map<std::string, std::string> parameters;  ///< of a repeated name the first
};

/// "%2F" → "/"; nothing if a percent sign is not followed by two hexadecimal digits. A plus sign stays one.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// Nothing if the target does not begin with "/", or holds a broken percent sign.
[[nodiscard]] std::optional<RequestTarget> parse_request_target(std::string_view target);

}  // namespace eddy
