#include "state/store/key_codec.h"

#include <type_traits>

namespace eddy {
namespace {

template <class Unsigned>
void append_big_endian(Unsigned value, std::string& out) {
  for (int shift = static_cast<int>(sizeof(Unsigned)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU));
  }
}

/// `bytes` has at least the size of the number.
template <class Unsigned>
Unsigned read_big_endian(std::string_view bytes) {
  Unsigned value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

/// Flips the sign bit: bytes then sort as the signed numbers do. Its own inverse.
template <class Signed>
std::make_unsigned_t<Signed> to_sortable(Signed value) {
  using Unsigned = std::make_unsigned_t<Signed>;
  return static_cast<Unsigned>(value) ^ (Unsigned{1} << (sizeof(Unsigned) * 8 - 1));
}

template <class Unsigned>
std::make_signed_t<Unsigned> from_sortable(Unsigned value) {
  return static_cast<std::make_signed_t<Unsigned>>(value ^ (Unsigned{1} << (sizeof(Unsigned) * 8 - 1)));
}

}  // namespace

std::string profile_key(const UserId& user) {
  std::string key;
  key.reserve(1 + user.value().size());
  key.push_back(kProfilePrefix);
  key += user.value();
  return key;
}

std::optional<UserId> parse_profile_key(std::string_view key) {
  if (key.empty() || key.front() != kProfilePrefix) return std::nullopt;
  return UserId(std::string(key.substr(1)));
}

std::string position_key(const std::string& topic, std::int32_t partition) {
  std::string key(kPositionPrefix);
  append_big_endian(to_sortable(partition), key);
  key += topic;
  return key;
}

std::optional<std::pair<std::string, std::int32_t>> parse_position_key(std::string_view key) {
  if (!key.starts_with(kPositionPrefix)) return std::nullopt;
  key.remove_prefix(kPositionPrefix.size());
  if (key.size() < sizeof(std::int32_t)) return std::nullopt;
  const std::int32_t partition = from_sortable(read_big_endian<std::uint32_t>(key));
  return std::pair(std::string(key.substr(sizeof(std::int32_t))), partition);
}

std::string encode_offset(std::int64_t offset) {
  std::string bytes;
  append_big_endian(to_sortable(offset), bytes);
  return bytes;
}

std::optional<std::int64_t> parse_offset(std::string_view bytes) {
  if (bytes.size() != sizeof(std::int64_t)) return std::nullopt;
  return from_sortable(read_big_endian<std::uint64_t>(bytes));
}

std::string encode_changelog_mark(const ChangelogMark& mark) {
  return encode_offset(mark.next) + encode_offset(mark.stored_milliseconds);
}

std::optional<ChangelogMark> parse_changelog_mark(std::string_view bytes) {
  constexpr std::size_t kHalf = sizeof(std::int64_t);
  if (bytes.size() != 2 * kHalf) return std::nullopt;
  return ChangelogMark{*parse_offset(bytes.substr(0, kHalf)), *parse_offset(bytes.substr(kHalf))};
}

std::string encode_layout_version(std::uint32_t version) {
  std::string bytes;
  append_big_endian(version, bytes);
  return bytes;
}

std::optional<std::uint32_t> parse_layout_version(std::string_view bytes) {
  if (bytes.size() != sizeof(std::uint32_t)) return std::nullopt;
  return read_big_endian<std::uint32_t>(bytes);
}

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1U);
  return end;
}

}  // namespace eddy
