#include "operators/decode/json_text_check.h"

#include <cstdint>
#include <cstring>

namespace eddy {
namespace {

/// The value of four hexadecimal digits. The parser has seen them before: they are digits.
std::uint32_t hex4(const char* text) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text[i];
    const auto digit = static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

bool surrogates_are_paired(std::string_view json) {
  const char* at = json.data();
  const char* const end = at + json.size();
  while ((at = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at))))) {
    if (end - at < 6 || at[1] != 'u') {
      at += 2;
      if (at >= end) break;
      continue;
    }
    const std::uint32_t code = hex4(at + 2);
    at += 6;
    if (code < 0xD800 || code > 0xDFFF) continue;
    if (code >= 0xDC00) return false;
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return false;
    const std::uint32_t low = hex4(at + 2);
    if (low < 0xDC00 || low > 0xDFFF) return false;
    at += 6;
  }
  return true;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 60;
  const bool is_long = text.size() > kMost;
  std::size_t size = is_long ? kMost : text.size();
  while (is_long && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  std::string result("'");
  result.append(text.substr(0, size));
  result.append(is_long ? "…'" : "'");
  return result;
}

}  // namespace eddy
