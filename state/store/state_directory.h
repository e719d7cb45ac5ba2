#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/ids.h"

namespace eddy {

/// What a state directory belongs to; state of another identity is refused, since its users would be in other
/// shards.
struct StateIdentity {
  std::string graph;        ///< the graph's name; one line
  std::int32_t shards = 0;  ///< partitions of the input topics

  friend bool operator==(const StateIdentity&, const StateIdentity&) = default;
};

/// The directory that holds all shards' stores:
///
///     <state_dir>/LOCK          held by flock for as long as a process uses the directory
///     <state_dir>/IDENTITY      text lines: "eddy-state 1", "shards 4", "graph main"
///     <state_dir>/shard-<n>/    one RocksDB (state/store/rocks_profile_store.h)
///     <state_dir>/shard-<n>.verify/, .rebuild/, .replaced/    while someone works on a shard; leftovers of a
///                               process that died are removed when the directory is next opened
///
/// Owns the lock; not copied or moved.
class StateDirectory {
 public:
  /// Creates the directory if there is none, takes the lock, and compares the identity with what is there.
  /// Errors: in use by another process (named), other contents, another format, graph or number of shards, no
  /// permission.
  static Result<std::unique_ptr<StateDirectory>> open(const std::filesystem::path& path,
                                                      const StateIdentity& identity);

  /// What a directory belongs to, without a lock: for looking into it while it is in use.
  static Result<StateIdentity> read_identity(const std::filesystem::path& path);

  /// Where a shard's store is, in any state directory.
  [[nodiscard]] static std::filesystem::path shard_path(const std::filesystem::path& path, ShardId shard);

  /// The shards whose stores are there, in any state directory; by number.
  [[nodiscard]] static std::vector<ShardId> held_shards(const std::filesystem::path& path,
                                                        const StateIdentity& identity);

  /// Releases the lock; the shards' stores must be closed before.
  ~StateDirectory();
  StateDirectory(const StateDirectory&) = delete;
  StateDirectory& operator=(const StateDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const StateIdentity& identity() const { return identity_; }
  /// Whether open() made it: there is no state yet.
  [[nodiscard]] bool is_new() const { return is_new_; }
  [[nodiscard]] std::filesystem::path shard_path(ShardId shard) const { return shard_path(path_, shard); }

  /// What is made beside a shard's store, on the same disk.
  enum class Scratch : std::uint8_t { kVerify, kRebuild };
  [[nodiscard]] std::filesystem::path scratch_path(ShardId shard, Scratch purpose) const;
  /// The store at scratch_path(shard, kRebuild), which is closed and durable, becomes the shard's, whose own
  /// is closed too. After a crash at any moment the shard has its old store, its new one, or none, which the
  /// next start restores from the changelog.
  Result<void> replace_by_rebuilt(ShardId shard);

 private:
  StateDirectory(std::filesystem::path path, StateIdentity identity, int lock_file);

  const std::filesystem::path path_;
  const StateIdentity identity_;
  const int lock_file_;
  bool is_new_ = false;
};

}  // namespace eddy
