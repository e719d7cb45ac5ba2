#include "app/http/request_target.h"

namespace eddy {
namespace {

int hexadecimal(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/// Cuts off and gives what is before the next `separator`, or all of it.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view part = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return part;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hexadecimal(text[i + 1]);
    const int low = hexadecimal(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

std::optional<RequestTarget> parse_request_target(std::string_view target) {
  if (target.empty() || target.front() != '/') return std::nullopt;
  RequestTarget parsed;
  std::string_view query = target;
  std::string_view path = take_until(query, '?').substr(1);
  while (!path.empty()) {
    auto segment = percent_decode(take_until(path, '/'));
    if (!segment) return std::nullopt;
    parsed.segments.push_back(std::move(*segment));
  }
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    auto name = percent_decode(take_until(value, '='));
    auto decoded = percent_decode(value);
    if (!name || !decoded) return std::nullopt;
    parsed.parameters.emplace(std::move(*name), std::move(*decoded));
  }
  return parsed;
}

}  // namespace eddy
