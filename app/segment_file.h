#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/comparison/segments.h"

namespace eddy {

/// Reads fields of users from a CSV file (plain or gzip) with a column `user` and a column for each field.
/// Errors (user's): no such file or column, a row that is broken, a user who is there twice.
Result<std::vector<UserField>> read_user_fields(const std::string& file,
                                                const std::vector<std::string>& fields);

}  // namespace eddy
