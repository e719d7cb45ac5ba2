#pragma once

#include <memory>

#include "state/store/store_options.h"

namespace eddy {

/// What the RocksDB instances of a process share, so that their memory and threads are bounded together and
/// not per shard: block cache, write buffers, background threads, rate limit. The stores keep what
/// they share alive. Thread-safe.
class StoreResources {
 public:
  explicit StoreResources(const StoreOptions& options);
  ~StoreResources();
  StoreResources(const StoreResources&) = delete;
  StoreResources& operator=(const StoreResources&) = delete;

  [[nodiscard]] const StoreOptions& options() const { return options_; }
  /// Bytes that blocks, indexes, filters and write buffers take now.
  [[nodiscard]] std::size_t memory_bytes() const;

  /// For state/store alone: holds RocksDB's own types.
  struct Shared;
  [[nodiscard]] const std::shared_ptr<Shared>& shared() const { return shared_; }

 private:
  const StoreOptions options_;
  const std::shared_ptr<Shared> shared_;
};

}  // namespace eddy
