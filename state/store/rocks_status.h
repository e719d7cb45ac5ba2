#pragma once

#include <rocksdb/status.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace eddy {

/// A failure of RocksDB as one line that says what was being done, where, and what a person can do. Always
/// stops the shard: after a failed write RocksDB refuses further ones until it is opened again.
[[nodiscard]] Error rocks_error(const rocksdb::Status& status, std::string_view action, std::string where);

}  // namespace eddy
