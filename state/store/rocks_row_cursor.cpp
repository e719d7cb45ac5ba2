#include "state/store/rocks_row_cursor.h"

#include <utility>

#include "state/store/rocks_status.h"

namespace eddy {
namespace {

class RocksRowCursor final : public RowCursor {
 public:
  RocksRowCursor(std::unique_ptr<rocksdb::Iterator> entry, std::string where)
      : entry_(std::move(entry)), where_(std::move(where)) {
    entry_->SeekToFirst();
  }

  [[nodiscard]] bool is_valid() const override { return entry_->Valid(); }
  [[nodiscard]] std::string_view key() const override { return entry_->key().ToStringView(); }
  [[nodiscard]] std::string_view value() const override { return entry_->value().ToStringView(); }
  void next() override { entry_->Next(); }
  [[nodiscard]] Result<void> status() const override {
    if (entry_->status().ok()) return {};
    return rocks_error(entry_->status(), "read the rows", where_);
  }

 private:
  const std::unique_ptr<rocksdb::Iterator> entry_;
  const std::string where_;
};

}  // namespace

std::unique_ptr<RowCursor> all_rows(rocksdb::DB& database, std::string where) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  return std::make_unique<RocksRowCursor>(std::unique_ptr<rocksdb::Iterator>(database.NewIterator(options)),
                                          std::move(where));
}

}  // namespace eddy
