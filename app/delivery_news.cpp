#include "app/delivery_news.h"

#include <spdlog/spdlog.h>

#include <string>

namespace eddy {

DeliveryNews::DeliveryNews(MetricRegistry& metrics)
    : retries_(
          metrics.counter("eddy_commit_retries_total", "Steps of commits that failed and were tried again.")),
      aborts_(metrics.counter("eddy_commit_aborts_total", "Units that were given up.")),
      restored_(metrics.counter("eddy_restored_records_total",
                                "Offsets of changelogs that were read to bring states up to date.")),
      remaining_(metrics.gauge("eddy_restore_remaining_records",
                               "Offsets of the changelog between the state being restored and its end.")) {}

void DeliveryNews::on_retry(const Error& error) {
  retries_.add();
  spdlog::warn("{} (trying again)", to_string(error));
}

void DeliveryNews::on_abort(const Error& error) {
  aborts_.add();
  spdlog::warn("a unit is given up: {}", to_string(error));
}

void DeliveryNews::on_restore(ShardId shard, std::uint64_t done, std::uint64_t total) {
  remaining_.set(static_cast<double>(total - done));
  const MutexLock lock(mutex_);
  if (!progress_) {
    spdlog::info("shard {}: {} offsets of the changelog are to be read", shard.value(), total);
    progress_ = std::make_unique<Progress>("restore shard " + std::to_string(shard.value()), total);
    last_done_ = 0;
  }
  restored_.add(static_cast<double>(done - last_done_));
  last_done_ = done;
  progress_->set(done);
  if (done < total) return;
  progress_->finish();
  progress_.reset();
  spdlog::info("shard {}: the state is up to date", shard.value());
}

}  // namespace eddy
