#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

#include "base/result.h"

namespace eddy {

/// Calls `take` with the fields of each row after the first, which must be `header`. Reads plain and gzip
/// files. For numbers and ids: fields have no quotes. Errors (user's): another header, or a row with another
/// number of fields; (external): a read that fails. `take` may refuse a row by an error, which is returned
/// with its place.
Result<void> for_each_csv_row(const std::filesystem::path& file, std::string_view header,
                              const std::function<Result<void>(std::span<const std::string_view>)>& take);

}  // namespace eddy
