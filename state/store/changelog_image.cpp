#include "state/store/changelog_image.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <string>
#include <system_error>
#include <utility>

#include "state/store/rocks_options.h"
#include "state/store/rocks_row_cursor.h"
#include "state/store/rocks_status.h"

namespace eddy {
namespace {

constexpr std::size_t kBatchBytes = 4UL << 20U;

Result<void> remove_directory(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  if (error) return external_error("cannot be removed: " + error.message(), directory.string());
  return {};
}

}  // namespace

struct ChangelogImage::Rocks {
  Rocks(const StoreResources& resources, std::filesystem::path path)
      : shared(resources.shared()), directory(std::move(path)) {}
  ~Rocks() {
    if (db) shared->leave(*db);
    db.reset();
    ignore_error(remove_directory(directory), "the next open of the state directory removes it");
  }
  Rocks(const Rocks&) = delete;
  Rocks& operator=(const Rocks&) = delete;

  const std::shared_ptr<StoreResources::Shared> shared;
  const std::filesystem::path directory;
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::WriteBatch batch;
};

ChangelogImage::ChangelogImage(std::unique_ptr<Rocks> rocks) : rocks_(std::move(rocks)) {}
ChangelogImage::~ChangelogImage() = default;

Result<std::unique_ptr<ChangelogImage>> ChangelogImage::make(const std::filesystem::path& directory,
                                                             const StoreResources& resources) {
  EDDY_TRY(remove_directory(directory));
  auto rocks = std::make_unique<Rocks>(resources, directory);
  rocksdb::Options options = rocks_options(resources);
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, directory.string(), &db);
  if (!status.ok()) return rocks_error(status, "make a store to compare with", directory.string());
  rocks->db.reset(db);
  rocks->shared->enter(*db);
  return std::unique_ptr<ChangelogImage>(new ChangelogImage(std::move(rocks)));
}

Result<void> ChangelogImage::add(std::string_view key, std::optional<std::string_view> value,
                                 bool is_before_mark) {
  const rocksdb::Slice key_slice(key);
  rocksdb::Status status;
  if (!is_before_mark) {
    status = rocks_->batch.Put(key_slice, rocksdb::Slice(&kChangedSince, 1));
  } else if (!value || value->empty()) {
    status = rocks_->batch.Delete(key_slice);
  } else {
    const std::array<rocksdb::Slice, 2> parts{rocksdb::Slice(&kKnown, 1), rocksdb::Slice(*value)};
    status = rocks_->batch.Put(rocksdb::SliceParts(&key_slice, 1),
                               rocksdb::SliceParts(parts.data(), static_cast<int>(parts.size())));
  }
  if (!status.ok()) return rocks_error(status, "keep a row to compare with", rocks_->directory.string());
  return rocks_->batch.GetDataSize() < kBatchBytes ? Result<void>() : write_batch();
}

Result<void> ChangelogImage::write_batch() {
  rocksdb::Status status = rocks_->shared->keep_write_budget();
  rocksdb::WriteOptions options;
  options.disableWAL = true;  // it does not outlive the process
  if (status.ok()) status = rocks_->db->Write(options, &rocks_->batch);
  rocks_->batch.Clear();
  if (status.ok()) return {};
  return rocks_error(status, "keep rows to compare with", rocks_->directory.string());
}

Result<std::unique_ptr<RowCursor>> ChangelogImage::rows() {
  EDDY_TRY(write_batch());
  return all_rows(*rocks_->db, rocks_->directory.string());
}

}  // namespace eddy
