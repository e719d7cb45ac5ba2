#include "app/graph_app.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "app/vector_check.h"
#include "app/wiring.h"
#include "operators/refresh/prequential.h"
#include "operators/refresh/refresh_factory.h"
#include "pipeline/kafka/standby.h"
#include "state/store/rocks_profile_store.h"

namespace eddy {
namespace {

/// Answers the HTTP server from the pipeline.
class PipelineQueries final : public RecommendationQueries {
 public:
  explicit PipelineQueries(Pipeline& pipeline) : pipeline_(pipeline) {}

  Result<std::optional<UserRecommendations>> recommendations(const UserId& user, std::size_t k) override {
    EDDY_ASSIGN(auto found, pipeline_.recommend(user));
    if (!found) return std::optional<UserRecommendations>();
    Recommendation& recommendation = found->recommendation;
    if (!recommendation.model)
      return user_error("the graph has no refresh operator, so there are no recommendations");
    recommendation.ranked.resize(std::min(k, recommendation.ranked.size()));
    return std::optional(UserRecommendations{user, {}, found->last_event, std::move(recommendation)});
  }

  [[nodiscard]] Readiness readiness() const override {
    std::string reason = pipeline_.why_not_ready();
    return {reason.empty(), std::move(reason)};
  }

 private:
  Pipeline& pipeline_;
};

}  // namespace

GraphApp::GraphApp(LoadedSettings loaded)
    : loaded_(std::move(loaded)), delivery_news_(metrics_), store_resources_(loaded_.settings.state.store) {}

GraphApp::~GraphApp() {
  if (http_) http_->stop();
}

Result<std::unique_ptr<GraphApp>> GraphApp::make(LoadedSettings loaded, BundleChanges bundles) {
  std::unique_ptr<GraphApp> app(new GraphApp(std::move(loaded)));
  const Settings& settings = app->loaded_.settings;
  EDDY_TRY(check_vectors(app->loaded_.chain));
  PipelineParts parts;
  EDDY_ASSIGN(WiredSource wired, make_source(settings));
  parts.source = std::move(wired.source);
  app->membership_ = std::move(wired.membership);
  if (settings.delivery == "exactly_once") {
    parts.open_delivery = app->opens_transactions();
  } else {
    parts.sinks = make_sinks(settings);
  }
  for (const ChainedOperator& step : app->loaded_.chain) parts.operators.push_back({step.name, step.factory});
  parts.open_store = [raw = app.get()](ShardId shard, std::int32_t shards) {
    // First, so that a warm copy of the shard is closed.
    auto lease = raw->standbys_ ? raw->standbys_->take(shard) : nullptr;
    return raw->open_store(shard, shards, std::move(lease));
  };
  parts.options = settings.pipeline;
  parts.listener = &app->stream_;
  parts.metrics = &app->metrics_;
  parts.on_retry = [](const Error& error) { spdlog::warn("{} (trying again)", to_string(error)); };
  app->pipeline_ = std::make_unique<Pipeline>(std::move(parts));
  for (const ChainedOperator& step : app->loaded_.chain)
    app->watch_bundles(refresh_service(*step.factory), bundles);
  app->queries_ = std::make_unique<PipelineQueries>(*app->pipeline_);
  if (settings.http.enabled) {
    HttpOptions http;
    http.address = settings.http.host == "localhost" ? "127.0.0.1" : settings.http.host;
    http.port = settings.http.port;
    app->http_ = std::make_unique<HttpServer>(http, *app->queries_, app->stream_, app->metrics_);
    EDDY_TRY(app->http_->start());
  }
  return app;
}

void GraphApp::watch_bundles(const RefreshService& service, BundleChanges bundles) {
  if (!service.models) return;
  prequential_ = service.prequential;
  BundleWatch::Parts parts;
  parts.models = service.models;
  parts.metrics = &metrics_;
  parts.encoder = encoder_of_chain(loaded_.chain);
  parts.on_replaced = [this] { pipeline_->wake_shards(); };
  if (bundles == BundleChanges::kFollowed) parts.interval = service.watch;
  watches_.push_back(std::make_unique<BundleWatch>(std::move(parts)));
}

DeliveryOpener GraphApp::opens_transactions() {
  TransactionalDeliveryParts parts;
  parts.membership = membership_;
  parts.listener = &delivery_news_;
  parts.clock = &system_clock();
  parts.wants_stop = [this] { return pipeline_->is_stopping(); };
  const auto deliveries =
      std::make_shared<TransactionalDeliveries>(delivery_options(loaded_.settings), std::move(parts));
  return [deliveries](ShardId shard, std::int32_t shards, ProfileStore& store) {
    return deliveries->open(shard, shards, store);
  };
}

std::unique_ptr<StandbyShards> GraphApp::start_standbys() {
  const Settings& settings = loaded_.settings;
  if (settings.state.standby == 0 || settings.delivery != "exactly_once") return nullptr;
  StandbyParts parts;
  parts.membership = membership_;
  parts.clock = &system_clock();
  parts.open_store = [this](ShardId shard, std::int32_t shards) {
    return open_store(shard, shards, nullptr);
  };
  parts.on_state = [this](std::size_t shards, std::uint64_t lag) { delivery_news_.on_standbys(shards, lag); };
  parts.on_warm = [](ShardId shard) { spdlog::info("shard {}: the warm copy is up to date", shard.value()); };
  parts.on_error = [](const Error& error) {
    spdlog::warn("a warm copy does not follow: {} (trying again)", to_string(error));
  };
  return std::make_unique<StandbyShards>(standby_options(settings), std::move(parts));
}

Result<void> GraphApp::run() {
  standbys_ = start_standbys();
  for (const auto& watch : watches_) watch->start();
  auto result = pipeline_->run();
  standbys_.reset();
  const MutexLock lock(state_mutex_);
  state_.reset();
  return result;
}

std::string GraphApp::url() const {
  if (!http_) return {};
  const std::string& host = loaded_.settings.http.host;
  return "http://" + (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" +
         std::to_string(http_->port());
}

Result<std::unique_ptr<ProfileStore>> GraphApp::open_store(ShardId shard, std::int32_t shards,
                                                           std::shared_ptr<void> lease) {
  const Settings& settings = loaded_.settings;
  std::filesystem::path path;
  {
    const MutexLock lock(state_mutex_);
    if (!state_) {
      EDDY_ASSIGN(state_, StateDirectory::open(settings.state.directory, {settings.name, shards}));
    }
    path = state_->shard_path(shard);
  }
  EDDY_ASSIGN(std::unique_ptr<ProfileStore> store,
              RocksProfileStore::open(path, store_resources_, std::move(lease)));
  if (settings.delivery != "exactly_once") {
    EDDY_ASSIGN(const auto mark, store->changelog());
    if (mark) {
      return user_error(
          "the state follows a changelog (exactly_once), which at_least_once would leave behind: set the "
          "delivery to exactly_once, or give another state directory",
          path.string());
    }
  }
  return store;
}

}  // namespace eddy
