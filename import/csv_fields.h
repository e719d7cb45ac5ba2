#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "import/csv_reader.h"

namespace eddy {

/// "3596" or "3596.0", as tables of numbers with gaps are written; nothing for what is not from 0 to
/// 4294967295.
[[nodiscard]] std::optional<std::uint32_t> whole_number(std::string_view text);

/// The field as a whole number, 0 to 4294967295. Error (user's): what the field holds instead, with its
/// place.
Result<std::uint32_t> read_whole_number(const CsvReader& row, std::size_t field);
/// The field as a number that a 32-bit float holds. Error (user's): as above; infinite and not-a-number too.
Result<float> read_float(const CsvReader& row, std::size_t field);

/// Calls `take` with each part of the field between separators, without the spaces around it. An empty field
/// has none. Error (user's): an empty part, or the error of `take`, with the field's place.
Result<void> for_each_part(const CsvReader& row, std::size_t field, char separator,
                           const std::function<Result<void>(std::string_view)>& take);

/// A name as events may hold it: valid UTF-8, 1 to 256 bytes. Error (user's), without a place.
Result<void> check_name(std::string_view name);

}  // namespace eddy
