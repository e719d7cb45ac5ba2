#include "state/store/rocks_options.h"

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace eddy {
namespace {

constexpr double kFilterBitsPerUser = 10;
constexpr std::size_t kBlockBytes = 8UL << 10;
constexpr std::size_t kLeastWriteBufferBytes = 1UL << 20;

/// RocksDB's warnings among Eddy's own lines. A file of RocksDB's, as it makes by default beside the store,
/// aborts the process where the disk is full (7.8 asserts that nothing is written after a failed write).
class WarningsToLog final : public rocksdb::Logger {
 public:
  WarningsToLog() : Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 1024> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    spdlog::warn("rocksdb: {}", std::string_view(text.data()));
  }
  // Not what it says of itself at every start.
  void LogHeader(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::BlockBasedTableOptions table_options(const StoreResources& resources) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = resources.shared()->block_cache;
  table.block_size = kBlockBytes;
  table.format_version = 5;
  // Most users that a shard asks for the first time are new: the filter answers without a read.
  table.filter_policy.reset(rocksdb::NewRibbonFilterPolicy(kFilterBitsPerUser));
  table.whole_key_filtering = true;
  // Indexes and filters count against the cache, else they grow with the number of users.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  return table;
}

}  // namespace

void StoreResources::Shared::enter(rocksdb::DB& db) {
  const MutexLock lock(mutex_);
  open_.insert(&db);
}

void StoreResources::Shared::leave(rocksdb::DB& db) {
  const MutexLock lock(mutex_);
  open_.erase(&db);
}

rocksdb::Status StoreResources::Shared::keep_write_budget() {
  if (write_buffers->memory_usage() < write_buffers->buffer_size()) return rocksdb::Status::OK();
  // The lock keeps the chosen store open, and lets one shard at a time wait for the disk.
  const MutexLock lock(mutex_);
  if (write_buffers->memory_usage() < write_buffers->buffer_size()) return rocksdb::Status::OK();
  rocksdb::DB* largest = nullptr;
  std::uint64_t largest_bytes = 0;
  for (rocksdb::DB* const db : open_) {
    std::uint64_t bytes = 0;
    if (db->GetIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &bytes) && bytes > largest_bytes) {
      largest = db;
      largest_bytes = bytes;
    }
  }
  return largest == nullptr ? rocksdb::Status::OK() : largest->Flush(rocksdb::FlushOptions());
}

StoreResources::StoreResources(const StoreOptions& options)
    : options_(options), shared_(std::make_shared<Shared>()) {
  rocksdb::LRUCacheOptions cache;
  cache.capacity = options.block_cache_bytes;
  cache.high_pri_pool_ratio = 0.3;
  shared_->block_cache = rocksdb::NewLRUCache(cache);
  shared_->write_buffers =
      std::make_shared<rocksdb::WriteBufferManager>(options.write_buffer_bytes, shared_->block_cache);
  if (options.compaction_bytes_per_second > 0) {
    shared_->rate_limiter.reset(
        rocksdb::NewGenericRateLimiter(static_cast<std::int64_t>(options.compaction_bytes_per_second)));
  }
  // One thread is kept for flushes: behind a long compaction they would hold up the commits.
  const int threads = std::max(options.background_threads, 2);
  rocksdb::Env::Default()->SetBackgroundThreads(1, rocksdb::Env::HIGH);
  rocksdb::Env::Default()->SetBackgroundThreads(threads - 1, rocksdb::Env::LOW);
}

StoreResources::~StoreResources() = default;

std::size_t StoreResources::memory_bytes() const {
  return shared_->block_cache->GetUsage();
}

rocksdb::Options rocks_options(const StoreResources& resources) {
  const StoreOptions& limits = resources.options();
  rocksdb::Options options;
  options.max_background_jobs = std::max(limits.background_threads, 2);
  options.max_open_files = limits.max_open_files;
  options.max_total_wal_size = limits.max_log_bytes;
  options.write_buffer_manager = resources.shared()->write_buffers;
  options.write_buffer_size = std::max(limits.write_buffer_bytes / 2, kLeastWriteBufferBytes);
  options.rate_limiter = resources.shared()->rate_limiter;
  options.bytes_per_sync = 1UL << 20;
  // A shard has one writer: nothing to share, and nobody to wait for.
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
  // A torn tail of the log, as a kill leaves it, is dropped; profiles and positions in it go together.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.level_compaction_dynamic_level_bytes = true;
  options.optimize_filters_for_hits = false;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.bottommost_compression_opts.enabled = true;
  options.bottommost_compression_opts.level = 1;
  options.bottommost_compression_opts.max_dict_bytes = 16U << 10;
  options.bottommost_compression_opts.zstd_max_train_bytes = 1U << 20;
  options.info_log = std::make_shared<WarningsToLog>();
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(resources)));
  return options;
}

}  // namespace eddy
