#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <string>

#include "state/store/row_cursor.h"

namespace eddy {

/// All rows of a RocksDB, the first one first. Reads past the block cache, so that a scan drives nobody out.
/// `where` is the database's directory, for errors.
[[nodiscard]] std::unique_ptr<RowCursor> all_rows(rocksdb::DB& database, std::string where);

}  // namespace eddy
