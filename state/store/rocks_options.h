#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/options.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/write_buffer_manager.h>

#include <memory>

#include "state/store/store_resources.h"

namespace eddy {

struct StoreResources::Shared {
  std::shared_ptr<rocksdb::Cache> block_cache;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers;
  std::shared_ptr<rocksdb::RateLimiter> rate_limiter;  // null: no limit
};

/// How one shard's RocksDB is set up: small random reads and blind writes of records of some 500 bytes.
[[nodiscard]] rocksdb::Options rocks_options(const StoreResources& resources);

}  // namespace eddy
