#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "state/store/profile_store.h"

namespace eddy {

/// Adds a row that was read from a changelog (keys and values: state/store/key_codec.h; no value: the row is
/// deleted) to what is to be stored. Rows are whole, so that applying one again, or an older one before a
/// newer one, leads to the same store. Error: a row that this program does not know, or of another layout.
Result<void> add_changelog_row(std::string_view key, std::optional<std::string_view> value,
                               UnitOfCommit& unit);

}  // namespace eddy
