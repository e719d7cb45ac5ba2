#include "operators/refresh/refresh_factory.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/bundle.h"
#include "operators/refresh/refresh_operator.h"

namespace eddy {
namespace {

class RefreshFactory final : public OperatorFactory {
 public:
  [[nodiscard]] std::string summary() const override {
    return "Computes users' recommendations with a trained model, in rounds: at every event, or once per "
           "batch.";
  }

  OptionSet options() override {
    OptionSet options("refresh");
    options.add("bundle", &bundle_path_, "Directory of the trained model, as written by eddy train.")
        .required();
    options.add("mode", &mode_, {"every_event", "coalesce"},
                "every_event: one refresh for each event; coalesce: one per user and batch, for backfills.");
    options.add("keep", &keep_, 1, 10000, "How many of the best items later operators and HTTP see.");
    options.add("unchanged", &unchanged_,
                "Refresh after events that changed nothing, such as duplicates, too.");
    return options;
  }

  void prepare(const ParamNode& node, std::vector<Error>& mistakes) override {
    if (bundle_path_.empty()) return;  // options() has told
    auto bundle = load_bundle(bundle_path_);
    if (bundle) {
      bundle_ = std::move(*bundle);
      return;
    }
    Error error = std::move(bundle.error());
    error.message = "refresh: " + to_string(error);
    error.where = node.where;
    mistakes.push_back(std::move(error));
  }

  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    if (!bundle_) return internal_error("refresh was created before its bundle was loaded");
    RefreshOptions options;
    options.keep = static_cast<std::size_t>(keep_);
    options.coalesce = mode_ == "coalesce";
    options.unchanged = unchanged_;
    return make_refresh_operator(bundle_->make_recommender(), options);
  }

 private:
  std::string bundle_path_;
  std::string mode_ = "every_event";
  std::int64_t keep_ = 10;
  bool unchanged_ = false;
  std::shared_ptr<const Bundle> bundle_;
};

}  // namespace

std::unique_ptr<OperatorFactory> make_refresh_factory() {
  return std::make_unique<RefreshFactory>();
}

}  // namespace eddy
