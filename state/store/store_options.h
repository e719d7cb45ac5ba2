#pragma once

#include <cstddef>

namespace eddy {

/// Limits of all stores of a process; sizes in bytes.
struct StoreOptions {
  std::size_t block_cache_bytes =
      256UL << 20;  ///< decompressed blocks, indexes, filters and write buffers together
  std::size_t write_buffer_bytes = 64UL
                                   << 20;   ///< of all shards together; taken from the block cache's budget
  std::size_t max_log_bytes = 256UL << 20;  ///< write-ahead log of one shard; more than this forces a flush
  int background_threads = 2;               ///< flushes and compactions, all shards together
  int max_open_files = 256;                 ///< per shard; -1: no limit
  std::size_t compaction_bytes_per_second = 0;  ///< flushes and compactions, all shards together; 0: no limit
  /// Every commit waits for the disk. Off, a commit survives the death of the process, and one of the machine
  /// costs the last seconds: positions and profiles go back together, and the source is read again from
  /// there.
  bool sync_commits = false;
};

}  // namespace eddy
