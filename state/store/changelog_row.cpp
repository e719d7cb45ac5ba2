#include "state/store/changelog_row.h"

#include <string>

#include "state/store/key_codec.h"

namespace eddy {
namespace {

Result<void> check_layout(std::optional<std::string_view> value) {
  const auto version = value ? parse_layout_version(*value) : std::nullopt;
  if (version == kStoreLayoutVersion) return {};
  return user_error("the changelog was written in layout " +
                    (version ? std::to_string(*version) : std::string("?")) + ", this program reads layout " +
                    std::to_string(kStoreLayoutVersion) + ": start the program that wrote it");
}

}  // namespace

Result<void> add_changelog_row(std::string_view key, std::optional<std::string_view> value,
                               UnitOfCommit& unit) {
  if (key == kLayoutKey) return check_layout(value);
  if (auto user = parse_profile_key(key)) {
    unit.profiles.emplace_back(*std::move(user), value ? std::string(*value) : std::string());
    return {};
  }
  const auto place = parse_position_key(key);
  const auto offset = value ? parse_offset(*value) : std::nullopt;
  if (place && offset) {
    unit.positions[*place] = *offset;
    return {};
  }
  return external_error("the changelog holds a row that is no profile and no position: is the topic Eddy's?");
}

}  // namespace eddy
