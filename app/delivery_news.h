#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "app/progress.h"
#include "base/annotated_mutex.h"
#include "base/metric.h"
#include "pipeline/delivery.h"

namespace eddy {

/// Tells people what deliveries and standbys do: in the log, in /metrics, and while states are restored by a
/// progress bar for all of them together, on the standard error. Thread-safe.
class DeliveryNews final : public DeliveryListener {
 public:
  /// `metrics` outlives this.
  explicit DeliveryNews(MetricRegistry& metrics);

  void on_retry(const Error& error) override;
  void on_abort(const Error& error) override;
  void on_restore(ShardId shard, std::uint64_t done, std::uint64_t total) override;
  /// So many warm copies are kept, so many offsets behind their changelogs.
  void on_standbys(std::size_t shards, std::uint64_t lag);

 private:
  struct Restore {
    std::uint64_t done = 0, total = 0;
  };

  Counter& retries_;
  Counter& aborts_;
  Counter& restored_;
  Gauge& remaining_;
  Gauge& standby_shards_;
  Gauge& standby_lag_;
  Mutex mutex_;
  std::unique_ptr<Progress> progress_ EDDY_GUARDED_BY(mutex_);
  // Shards that are being restored, and those that were since the bar was begun.
  std::map<ShardId, Restore> restores_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy
