#include "operators/refresh/refresh_factory.h"

#include <cstdint>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "model/bundle.h"
#include "operators/refresh/arm_settings.h"
#include "operators/refresh/prequential.h"
#include "operators/refresh/refresh_operator.h"
#include "operators/refresh/served_models.h"

namespace eddy {
namespace {

std::string text_of(const std::vector<Arm>& arms) {
  std::ostringstream text;
  for (const Arm& arm : arms)
    text << (&arm == arms.data() ? "[" : ", ") << arm.name << ": " << arm.share << " of the users, from "
         << arm.path.string();
  text << "]";
  return std::move(text).str();
}

class RefreshFactory final : public OperatorFactory {
 public:
  [[nodiscard]] std::string summary() const override {
    return "Computes users' recommendations with a trained model, in rounds: at every event, or once per "
           "batch.";
  }

  OptionSet options() override {
    using std::chrono::milliseconds;
    OptionSet options("refresh");
    options.add(
        "bundle", &bundle_path_,
        "Directory of the trained model, as written by eddy train; must be given, unless `bundles` is.");
    options.add_nested("bundles", "list of {name, path, share}", arms_text_,
                       "Several models side by side, each for a share of the users (above 0; the sum is 1).");
    options.add("split_salt", &split_salt_, "Another salt shares the users out among `bundles` anew.");
    options.add("watch", &watch_, milliseconds(0), std::chrono::hours(24),
                "How often a running graph looks whether a bundle was replaced; 0s: never.");
    options.add("sweep_rate", &sweep_rate_, 0.0, 1e6,
                "Profiles a second and shard that are refreshed after a bundle was replaced; 0: each at its "
                "user's next event only.");
    options.add("sweep_at_start", &sweep_at_start_,
                "Also go over all profiles when a shard is opened: after a restart with another bundle.");
    options.add("prequential_window", &window_, 1, 100'000,
                "The latest purchases that hit rate and MAP in the metrics are of.");
    options.add("mode", &mode_, {"every_event", "coalesce"},
                "every_event: one refresh for each event; coalesce: one per user and batch, for backfills.");
    options.add("keep", &keep_, 1, 10000, "How many of the best items later operators and HTTP see.");
    options.add("unchanged", &unchanged_,
                "Refresh after events that changed nothing, such as duplicates, too.");
    return options;
  }

  void prepare(const ParamNode& node, std::vector<Error>& mistakes) override {
    std::vector<Arm> arms = read_arms(bundle_path_, node, mistakes);
    if (arms.empty()) return;
    if (bundle_path_.empty()) arms_text_ = text_of(arms);
    std::vector<std::shared_ptr<const Bundle>> bundles;
    for (const Arm& arm : arms) {
      auto bundle = load_bundle(arm.path);
      if (bundle) {
        bundles.push_back(std::move(*bundle));
        continue;
      }
      Error error = std::move(bundle.error());
      error.message = "refresh: " + to_string(error);
      error.where = node.where;
      mistakes.push_back(std::move(error));
    }
    if (bundles.size() < arms.size()) return;
    service_.models = std::make_shared<ServedModels>(std::move(arms), bundles, split_salt_, sweep_at_start_);
    service_.prequential = std::make_shared<Prequential>(static_cast<std::size_t>(window_));
    service_.watch = watch_;
  }

  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    if (!service_.models) return internal_error("refresh was created before its bundle was loaded");
    RefreshOptions options;
    options.keep = static_cast<std::size_t>(keep_);
    options.coalesce = mode_ == "coalesce";
    options.unchanged = unchanged_;
    options.sweep_rate = sweep_rate_;
    return make_refresh_operator(service_.models, service_.prequential, options);
  }

  [[nodiscard]] const RefreshService& service() const { return service_; }

 private:
  std::string bundle_path_;
  std::string arms_text_;  // of `bundles`, for the plan
  std::string split_salt_ = "eddy";
  std::chrono::milliseconds watch_ = std::chrono::seconds(1);
  double sweep_rate_ = 1000;
  bool sweep_at_start_ = false;
  std::int64_t window_ = 1000;
  std::string mode_ = "every_event";
  std::int64_t keep_ = 10;
  bool unchanged_ = false;
  RefreshService service_;
};

}  // namespace

std::unique_ptr<OperatorFactory> make_refresh_factory() {
  return std::make_unique<RefreshFactory>();
}

RefreshService refresh_service(const OperatorFactory& factory) {
  const auto* refresh = dynamic_cast<const RefreshFactory*>(&factory);
  return refresh == nullptr ? RefreshService{} : refresh->service();
}

}  // namespace eddy
