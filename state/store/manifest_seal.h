#pragma once

#include <rocksdb/listener.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/annotated_mutex.h"
#include "base/result.h"

namespace eddy {

/// How much of RocksDB's manifest was there at least, and its hash. The manifest lists a store's tables;
/// RocksDB takes one that was cut short, or has a broken length near its end, for an unfinished write and
/// goes on without the tables that it lists last. Their log is deleted by then, but not the later one with
/// newer positions: such a store would lack commits and not know. The seal, a small file of ours beside it,
/// tells.
struct ManifestSeal {
  std::string manifest;     ///< the file's name; the number in it grows
  std::uint64_t bytes = 0;  ///< from its beginning; RocksDB only appends
  std::uint64_t hash = 0;   ///< of these bytes
};

/// The seal of the store in a directory; nothing where there is none, as before the first opening. An error
/// if it cannot be read, or is no seal.
Result<std::optional<ManifestSeal>> read_manifest_seal(const std::filesystem::path& directory);

/// Whether the store's manifest is what was sealed. Nothing is said of a later manifest, which RocksDB writes
/// anew at each opening, or of a file that is not there: RocksDB refuses such a store by itself. The returned
/// text says what is wrong, without a remedy; nothing if all is well.
std::optional<std::string> find_broken_seal(const std::filesystem::path& directory);

/// Seals the manifest of one store after each change that takes a log's or a table's place, before RocksDB
/// deletes what was replaced. A seal that cannot be written is warned of: the older one stays true.
/// Thread-safe.
class ManifestSealer final : public rocksdb::EventListener {
 public:
  void OnFlushCompleted(rocksdb::DB* db, const rocksdb::FlushJobInfo& flush) override;
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo& compaction) override;

  /// Seals it as it is now.
  void seal(rocksdb::DB& db);

 private:
  Mutex mutex_;  // seals are written in the order in which the manifest grows
};

}  // namespace eddy
