#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "state/store/row_cursor.h"
#include "state/store/store_resources.h"

namespace eddy {

/// What a shard's changelog says, for a comparison with a store that has followed it up to some mark: of
/// every key its last row before the mark; or, where a later record has the key, only that: the topic is
/// compacted, so what the key had at the mark may be gone. On disk, so that memory stays within `resources`.
/// For one thread.
class ChangelogImage {
 public:
  /// How a row's value begins in rows().
  static constexpr char kKnown = '=';         ///< what the changelog had at the mark follows
  static constexpr char kChangedSince = '~';  ///< nothing follows

  /// Begins a new one in `directory`, where an older one is removed. Errors: no space, no permission.
  static Result<std::unique_ptr<ChangelogImage>> make(const std::filesystem::path& directory,
                                                      const StoreResources& resources);
  /// Removes the directory.
  ~ChangelogImage();
  ChangelogImage(const ChangelogImage&) = delete;
  ChangelogImage& operator=(const ChangelogImage&) = delete;

  /// The next record of the changelog (no value, or an empty one: the row is deleted), first those before the
  /// mark.
  Result<void> add(std::string_view key, std::optional<std::string_view> value, bool is_before_mark);

  /// All rows added so far.
  Result<std::unique_ptr<RowCursor>> rows();

 private:
  struct Rocks;
  explicit ChangelogImage(std::unique_ptr<Rocks> rocks);
  Result<void> write_batch();
  std::unique_ptr<Rocks> rocks_;
};

}  // namespace eddy
