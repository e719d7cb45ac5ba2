#pragma once

#include <memory>

#include "app/progress.h"
#include "base/annotated_mutex.h"
#include "base/metric.h"
#include "pipeline/delivery.h"

namespace eddy {

/// Tells people what deliveries do: in the log, in /metrics, and while a state is restored by a progress bar
/// on the standard error. Thread-safe.
class DeliveryNews final : public DeliveryListener {
 public:
  /// `metrics` outlives this.
  explicit DeliveryNews(MetricRegistry& metrics);

  void on_retry(const Error& error) override;
  void on_abort(const Error& error) override;
  void on_restore(ShardId shard, std::uint64_t done, std::uint64_t total) override;

 private:
  Counter& retries_;
  Counter& aborts_;
  Counter& restored_;
  Gauge& remaining_;
  Mutex mutex_;
  std::unique_ptr<Progress> progress_ EDDY_GUARDED_BY(mutex_);
  std::uint64_t last_done_ EDDY_GUARDED_BY(mutex_) = 0;
};

}  // namespace eddy
