#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "event/ids.h"
#include "state/store/profile_store.h"

namespace eddy {

// Keys of a shard's one column family. One, because with the log off RocksDB before 8.1 may lose data across
// several; and because a unit of commit is then one write.
//
//   key       = layout | position | changelog | profile | timer
//   layout    = 'm' 'v'                            → 4 bytes: version of this grammar
//   position  = 'm' 'i' partition topic            → 8 bytes: offset of the next record to be read
//   changelog = 'm' 'c'                            → 16 bytes: next changelog offset, time of the commit in
//   ms profile   = 'p' user                           → encoded facts (state/profile/profile_codec.h) timer
//   = 't' due user-size user rule        reserved: 8, 4, … and … bytes
//
// The changelog topic holds the same rows under the same keys, but for `changelog`, which is about itself.
//
// Numbers are big-endian with the sign bit flipped, so that bytes sort as numbers do; partition has 4 bytes.
// Names are their bytes and end with the key.

/// Version of the grammar above; another version is refused when a shard is opened.
inline constexpr std::uint32_t kStoreLayoutVersion = 1;

inline constexpr char kProfilePrefix = 'p';
inline constexpr std::string_view kLayoutKey = "mv";
inline constexpr std::string_view kPositionPrefix = "mi";
inline constexpr std::string_view kChangelogKey = "mc";

/// Sorts as the user ids do, byte by byte.
[[nodiscard]] std::string profile_key(const UserId& user);
/// Nothing if the key is not a profile's.
[[nodiscard]] std::optional<UserId> parse_profile_key(std::string_view key);

[[nodiscard]] std::string position_key(const std::string& topic, std::int32_t partition);
/// Topic and partition; nothing if the key is not a position's.
[[nodiscard]] std::optional<std::pair<std::string, std::int32_t>> parse_position_key(std::string_view key);

[[nodiscard]] std::string encode_offset(std::int64_t offset);
/// Nothing if it has not 8 bytes.
[[nodiscard]] std::optional<std::int64_t> parse_offset(std::string_view bytes);

[[nodiscard]] std::string encode_changelog_mark(const ChangelogMark& mark);
/// Nothing if it has not 16 bytes.
[[nodiscard]] std::optional<ChangelogMark> parse_changelog_mark(std::string_view bytes);

[[nodiscard]] std::string encode_layout_version(std::uint32_t version);
/// Nothing if it has not 4 bytes.
[[nodiscard]] std::optional<std::uint32_t> parse_layout_version(std::string_view bytes);

/// The first key behind all keys that begin with `prefix`, whose last byte is below 255.
[[nodiscard]] std::string prefix_end(std::string_view prefix);

}  // namespace eddy
