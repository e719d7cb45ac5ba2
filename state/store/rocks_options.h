#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/write_buffer_manager.h>

#include <memory>
#include <set>

#include "base/annotated_mutex.h"
#include "state/store/store_resources.h"

namespace eddy {

struct StoreResources::Shared {
  std::shared_ptr<rocksdb::Cache> block_cache;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers;
  std::shared_ptr<rocksdb::RateLimiter> rate_limiter;  // null: no limit

  void enter(rocksdb::DB& db);
  void leave(rocksdb::DB& db);

  /// If the write buffers of all shards are above their budget, writes out the largest and waits for it.
  /// RocksDB starts such writing by itself, but does not wait: with a slow disk, and many shards, the buffers
  /// would outgrow any budget. (Its own option to wait, allow_stall, can wait for ever: for buffers of shards
  /// that nobody writes to.)
  rocksdb::Status keep_write_budget();

 private:
  Mutex mutex_;
  std::set<rocksdb::DB*> open_ EDDY_GUARDED_BY(mutex_);
};

/// How one shard's RocksDB is set up: small random reads and blind writes of records of some 500 bytes.
[[nodiscard]] rocksdb::Options rocks_options(const StoreResources& resources);

}  // namespace eddy
