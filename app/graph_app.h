#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/bundle_watch.h"
#include "app/delivery_news.h"
#include "app/http/http_server.h"
#include "app/http/score_stream.h"
#include "base/annotated_mutex.h"
#include "base/metric.h"
#include "config/settings_loader.h"
#include "pipeline/pipeline.h"
#include "state/store/state_directory.h"
#include "state/store/store_resources.h"

namespace eddy {

class GroupMembership;
class Prequential;
struct RefreshService;
class StandbyShards;

/// Whether a bundle that is replaced on disk takes over in a running graph.
enum class BundleChanges : std::uint8_t { kFollowed, kIgnored };

/// A configuration brought to life: pipeline, state, sinks, HTTP. The one place where concrete sources,
/// stores and sinks meet (app/wiring.cpp).
class GraphApp {
 public:
  /// Error: what cannot be had (a port, a broker's library refusing a property); the state and the source are
  /// opened by run().
  static Result<std::unique_ptr<GraphApp>> make(LoadedSettings loaded,
                                                BundleChanges bundles = BundleChanges::kFollowed);
  ~GraphApp();
  GraphApp(const GraphApp&) = delete;
  GraphApp& operator=(const GraphApp&) = delete;

  /// Runs until stop() or the end of the source; then everything read is committed.
  Result<void> run();
  /// Thread-safe, and safe in a signal handler.
  void stop() noexcept { pipeline_->stop(); }

  [[nodiscard]] Pipeline& pipeline() { return *pipeline_; }
  [[nodiscard]] MetricRegistry& metrics() { return metrics_; }
  [[nodiscard]] ScoreStream& stream() { return stream_; }
  [[nodiscard]] const Settings& settings() const { return loaded_.settings; }
  /// The measures of what was predicted before purchases; null: the graph has no refresh operator.
  [[nodiscard]] const Prequential* prequential() const { return prequential_.get(); }
  /// "http://127.0.0.1:8080", or empty without HTTP.
  [[nodiscard]] std::string url() const;

 private:
  explicit GraphApp(LoadedSettings loaded);
  /// `lease` is let go when the store has been closed. Thread-safe.
  Result<std::unique_ptr<ProfileStore>> open_store(ShardId shard, std::int32_t shards,
                                                   std::shared_ptr<void> lease);
  DeliveryOpener opens_transactions();
  [[nodiscard]] std::unique_ptr<StandbyShards> start_standbys();
  void watch_bundles(const RefreshService& service, BundleChanges bundles);

  LoadedSettings loaded_;
  MetricRegistry metrics_;
  ScoreStream stream_;
  DeliveryNews delivery_news_;
  StoreResources store_resources_;
  Mutex state_mutex_;
  std::unique_ptr<StateDirectory> state_ EDDY_GUARDED_BY(state_mutex_);
  std::shared_ptr<const GroupMembership> membership_;  // null: the source is not Kafka's
  std::unique_ptr<StandbyShards> standbys_;            // while run() runs; null: none are wanted
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<RecommendationQueries> queries_;
  std::unique_ptr<HttpServer> http_;
  std::shared_ptr<const Prequential> prequential_;
  std::vector<std::unique_ptr<BundleWatch>> watches_;  // before the pipeline, which they wake, is gone
};

}  // namespace eddy
