#pragma once

#include <string_view>

#include "base/result.h"

namespace eddy {

/// Rows as bytes, in the order of their keys (keys and values: state/store/key_codec.h), as they were when
/// the cursor was made. For one thread; goes before its store.
class RowCursor {
 public:
  virtual ~RowCursor() = default;

  /// Whether there is a row; false behind the last one, and after a failure.
  [[nodiscard]] virtual bool is_valid() const = 0;
  /// Of the row; valid until next().
  [[nodiscard]] virtual std::string_view key() const = 0;
  [[nodiscard]] virtual std::string_view value() const = 0;
  virtual void next() = 0;
  /// Why there is no further row: an error, or the end.
  [[nodiscard]] virtual Result<void> status() const = 0;
};

}  // namespace eddy
