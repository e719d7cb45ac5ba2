#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "state/store/profile_store.h"
#include "state/store/row_cursor.h"
#include "state/store/store_resources.h"

namespace eddy {

/// One shard's profiles and input positions in one RocksDB (keys: state/store/key_codec.h). Commits are one
/// atomic write each, with the log on. Every error is Remedy::kStop: a shard does not go on with a store that
/// failed. Threads: as ProfileStore; for_each() and positions() may also run beside a commit.
class RocksProfileStore final : public ProfileStore {
 public:
  /// Opens or creates the store in `directory`; one process at a time. `lease` is let go when the store has
  /// been closed. Errors: a store of another layout version, damage, no space, no permission.
  static Result<std::unique_ptr<RocksProfileStore>> open(const std::filesystem::path& directory,
                                                         const StoreResources& resources,
                                                         std::shared_ptr<void> lease = nullptr);

  /// Whether there is a store, or what is left of one. A process that starts makes the directory first, and
  /// in it other files: such a store is not there yet.
  [[nodiscard]] static bool is_made(const std::filesystem::path& directory);

  /// Opens an existing store as it is now, also while another process writes to it; commit() is then refused.
  static Result<std::unique_ptr<RocksProfileStore>> open_read_only(const std::filesystem::path& directory,
                                                                   const StoreResources& resources);

  ~RocksProfileStore() override;
  RocksProfileStore(const RocksProfileStore&) = delete;
  RocksProfileStore& operator=(const RocksProfileStore&) = delete;

  Result<void> load(std::span<const UserId> users, std::span<std::optional<Facts>> facts) override;
  Result<void> commit(const UnitOfCommit& unit) override;
  Result<Positions> positions() override;
  Result<std::optional<ChangelogMark>> changelog() override;
  Result<void> clear() override;
  Result<void> for_each_after(const UserId* after, const Visit& visit) override;
  Result<void> flush() override;

  /// All rows as they are now, bytes and not decoded: profiles, positions, and those about the store itself.
  [[nodiscard]] std::unique_ptr<RowCursor> rows();

  /// Writes out all buffers and compacts everything; takes its time. For measuring, and after a backfill.
  Result<void> compact();

  /// Bytes of all tables on disk, without the log.
  [[nodiscard]] std::uint64_t table_bytes() const;

 private:
  struct Rocks;
  explicit RocksProfileStore(std::unique_ptr<Rocks> rocks);

  std::unique_ptr<Rocks> rocks_;
};

}  // namespace eddy
