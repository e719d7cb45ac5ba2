#include "operators/quantities.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

namespace eddy {
namespace {

using Unit = std::pair<std::string_view, std::uint64_t>;

// Largest first, as to_string() tries them.
constexpr std::array<Unit, 5> kDurations = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<Unit, 5> kSizes = {
    {{"TiB", 1ULL << 40U}, {"GiB", 1ULL << 30U}, {"MiB", 1ULL << 20U}, {"KiB", 1ULL << 10U}, {"B", 1}}};
constexpr std::uint64_t kLongestMilliseconds = 100ULL * 365 * 86'400'000;
constexpr std::uint64_t kMostBytes = 1ULL << 62U;

std::optional<std::uint64_t> scaled(std::string_view number, std::uint64_t unit, std::uint64_t most) {
  std::uint64_t whole = 0;
  const char* end = number.data() + number.size();
  if (auto [rest, error] = std::from_chars(number.data(), end, whole); error == std::errc() && rest == end) {
    if (whole > most / unit) return std::nullopt;
    return whole * unit;
  }
  double fraction = 0;
  const auto [rest, error] = std::from_chars(number.data(), end, fraction, std::chars_format::fixed);
  if (error != std::errc() || rest != end || !(fraction >= 0)) return std::nullopt;
  const double units = fraction * static_cast<double>(unit);
  const double rounded = std::round(units);
  // A decimal fraction of a unit is rarely exact in binary, so a trace of error is no fault of the writer.
  if (!(units <= static_cast<double>(most)) || std::abs(units - rounded) > 1e-6 * (1 + units))
    return std::nullopt;
  return static_cast<std::uint64_t>(rounded);
}

std::optional<std::uint64_t> parse(std::string_view text, std::span<const Unit> units, std::uint64_t most) {
  const std::size_t number_end = text.find_first_not_of("0123456789.");
  if (number_end == 0 || text.empty() || number_end == std::string_view::npos) return std::nullopt;
  const std::string_view number = text.substr(0, number_end);
  std::string_view name = text.substr(number_end);
  if (name.front() == ' ') name.remove_prefix(1);
  for (const auto& [unit_name, unit] : units) {
    if (name == unit_name) return scaled(number, unit, most);
  }
  return std::nullopt;
}

std::string write(std::uint64_t value, std::span<const Unit> units) {
  for (const auto& [name, unit] : units) {
    if (value != 0 && value % unit == 0) return std::to_string(value / unit) + std::string(name);
  }
  return "0";
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds(0);
  const auto parsed = parse(text, kDurations, kLongestMilliseconds);
  if (!parsed) return std::nullopt;
  return std::chrono::milliseconds(*parsed);
}

std::optional<ByteSize> parse_byte_size(std::string_view text) {
  std::optional<std::uint64_t> parsed = parse(text, kSizes, kMostBytes);
  const bool is_plain = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_plain) parsed = scaled(text, 1, kMostBytes);
  if (!parsed) return std::nullopt;
  return ByteSize{*parsed};
}

std::string to_string(std::chrono::milliseconds duration) {
  if (duration.count() < 0) return "-" + write(static_cast<std::uint64_t>(-duration.count()), kDurations);
  return write(static_cast<std::uint64_t>(duration.count()), kDurations);
}

std::string to_string(ByteSize size) {
  return write(size.bytes, kSizes);
}

}  // namespace eddy
