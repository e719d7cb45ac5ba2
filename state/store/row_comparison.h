#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "state/store/row_cursor.h"

namespace eddy {

/// A row that a store and its changelog have differently.
struct RowDifference {
  enum class Kind : std::uint8_t {
    kMissing,  ///< the changelog has the row, the store has not
    kExtra,    ///< the store has the row, the changelog has not
    kChanged,  ///< both have it, with other values
  };
  Kind kind = Kind::kChanged;
  std::string_view key;      ///< state/store/key_codec.h
  std::string_view stored;   ///< value in the store; empty if it is missing
  std::string_view changed;  ///< value in the changelog; empty if it has none
};

/// What a comparison counted.
struct RowComparison {
  std::uint64_t rows = 0;           ///< of the store: profiles and positions
  std::uint64_t equal = 0;          ///< of them, those that the changelog has as well
  std::uint64_t changed_since = 0;  ///< keys that the changelog changed behind the mark: not compared
  std::uint64_t differences = 0;
};

struct RowComparisonHooks {
  std::function<void(const RowDifference&)> on_difference;  ///< must be set; the views end with the call
  std::function<void(std::uint64_t keys)> on_progress;  ///< must be set; keys of either side that are done
};

/// Compares the rows of a store, but for those about itself (layout, mark), with the rows of a
/// ChangelogImage, in one pass over both. Error: one of the two cannot be read.
Result<RowComparison> compare_rows(RowCursor& store, RowCursor& image, const RowComparisonHooks& hooks);

}  // namespace eddy
