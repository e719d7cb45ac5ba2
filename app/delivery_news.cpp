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
                               "Offsets of changelogs between the states being restored and their ends.")),
      standby_shards_(
          metrics.gauge("eddy_standby_shards", "Shards of other processes of which a warm copy is kept.")),
      standby_lag_(metrics.gauge("eddy_standby_lag_records",
                                 "Offsets of changelogs that the warm copies have not read yet.")) {}

void DeliveryNews::on_retry(const Error& error) {
  retries_.add();
  spdlog::warn("{} (trying again)", to_string(error));
}

void DeliveryNews::on_abort(const Error& error) {
  aborts_.add();
  spdlog::warn("a unit is given up: {}", to_string(error));
}

void DeliveryNews::on_restore(ShardId shard, std::uint64_t done, std::uint64_t total) {
  const MutexLock lock(mutex_);
  Restore& restore = restores_[shard];
  if (done == 0) {
    spdlog::info("shard {}: {} offsets of the changelog are to be read", shard.value(), total);
    restore = {};  // an earlier one may have been interrupted
  }
  restored_.add(static_cast<double>(done - restore.done));
  restore = {done, total};
  if (done == total) spdlog::info("shard {}: the state is up to date", shard.value());
  Restore all;
  for (const auto& [id, one] : restores_) {
    all.done += one.done;
    all.total += one.total;
  }
  remaining_.set(static_cast<double>(all.total - all.done));
  if (!progress_) progress_ = std::make_unique<Progress>("restore the state", all.total);
  progress_->set_total(all.total);
  progress_->set_detail(std::to_string(restores_.size()) + (restores_.size() == 1 ? " shard" : " shards"));
  progress_->set(all.done);
  if (all.done < all.total) return;
  progress_->finish();
  progress_.reset();
  restores_.clear();
}

void DeliveryNews::on_standbys(std::size_t shards, std::uint64_t lag) {
  standby_shards_.set(static_cast<double>(shards));
  standby_lag_.set(static_cast<double>(lag));
}

}  // namespace eddy
