#include "import/csv_fields.h"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace eddy {

namespace {

constexpr std::size_t kLongestName = 256;
constexpr std::size_t kQuotedBytes = 40;

/// The text for a message: its beginning, if it is one that can be printed.
std::string shown(std::string_view text) {
  const std::string_view begin = text.substr(0, kQuotedBytes);
  for (const char c : begin) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) return "the field";
  }
  return "'" + std::string(begin) + (text.size() > begin.size() ? "…'" : "'");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<std::uint32_t> whole_number(std::string_view text) {
  if (text.ends_with(".0")) text.remove_suffix(2);
  std::uint32_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<std::uint32_t> read_whole_number(const CsvReader& row, std::size_t field) {
  const std::string_view text = row.fields()[field];
  if (const auto value = whole_number(text)) return *value;
  if (text.empty()) return row.field_error(field, "is empty; a whole number must be there");
  return row.field_error(field, shown(text) + " is not a whole number from 0 to 4294967295");
}

Result<float> read_float(const CsvReader& row, std::size_t field) {
  const std::string_view text = row.fields()[field];
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = end == text.data() + text.size() && !text.empty();
  // Too small to be told from 0 is 0; charconv leaves the value alone then.
  const bool is_tiny = code == std::errc::result_out_of_range && text.find("e-") != std::string_view::npos;
  if (is_whole && is_tiny) return 0.0F;
  if (is_whole && code == std::errc() && std::abs(value) <= std::numeric_limits<float>::max()) {
    return static_cast<float>(value);
  }
  if (text.empty()) return row.field_error(field, "is empty; a number must be there");
  return row.field_error(field, shown(text) + " is not a number that a 32-bit float holds");
}

Result<void> for_each_part(const CsvReader& row, std::size_t field, char separator,
                           const std::function<Result<void>(std::string_view)>& take) {
  std::string_view rest = row.fields()[field];
  if (trimmed(rest).empty()) return {};
  for (;;) {
    const std::size_t end = rest.find(separator);
    const std::string_view part = trimmed(rest.substr(0, end));
    if (part.empty()) return row.field_error(field, "has an empty part between its separators");
    if (const Result<void> taken = take(part); !taken) {
      return taken.error().where.empty() ? row.field_error(field, taken.error().message) : taken.error();
    }
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
}

Result<void> check_name(std::string_view name) {
  if (name.empty()) return user_error("is empty; a name must be there");
  if (name.size() > kLongestName) return user_error(shown(name) + " is longer than 256 bytes");
  if (!simdjson::validate_utf8(name.data(), name.size())) return user_error("is not valid UTF-8");
  return {};
}

}  // namespace eddy
