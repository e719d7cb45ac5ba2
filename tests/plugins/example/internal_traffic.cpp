#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "operators/plugin.h"

namespace {

/// Takes the company's own testers out, and tags the actions of everybody else with the hour of the day.
class InternalTraffic final : public eddy::Operator {
 public:
  InternalTraffic(std::vector<std::string> prefixes, bool tag_hours)
      : prefixes_(std::move(prefixes)), tag_hours_(tag_hours) {}

  [[nodiscard]] Stage stage() const override { return Stage::kRecords; }
  eddy::Result<void> open(eddy::OperatorContext& /*context*/) override { return {}; }

  eddy::Result<void> process(eddy::Batch& batch, std::span<eddy::Item* const> /*items*/) override {
    std::erase_if(batch.items, [&](const eddy::Item& item) { return is_internal(item.event.user.value()); });
    for (eddy::Item& item : batch.items) {
      auto* action = tag_hours_ ? std::get_if<eddy::Action>(&item.event.body) : nullptr;
      if (!action) continue;
      const auto hour = item.event.time.milliseconds / 3'600'000 % 24;
      action->tags.push_back("hour:" + std::to_string(hour));
    }
    return {};
  }

 private:
  [[nodiscard]] bool is_internal(const std::string& user) const {
    return std::any_of(prefixes_.begin(), prefixes_.end(),
                       [&](const std::string& prefix) { return user.starts_with(prefix); });
  }

  const std::vector<std::string> prefixes_;
  const bool tag_hours_;
};

class InternalTrafficFactory final : public eddy::OperatorFactory {
 public:
  [[nodiscard]] std::string summary() const override {
    return "Drops the events of the company's own testers, and tags actions with the hour.";
  }

  eddy::OptionSet options() override {
    eddy::OptionSet options("internal-traffic");
    options.add("prefixes", &prefixes_, "Users whose ids start with one of these are our own.");
    options.add("tag_hours", &tag_hours_, "Add a tag such as hour:14 (UTC) to each action.");
    return options;
  }

  void prepare(const eddy::ParamNode& node, std::vector<eddy::Error>& mistakes) override {
    if (prefixes_.empty())
      mistakes.push_back(eddy::user_error("internal-traffic: prefixes must not be empty", node.where));
  }

  eddy::Result<std::unique_ptr<eddy::Operator>> create(eddy::ShardId /*shard*/) override {
    return std::unique_ptr<eddy::Operator>(std::make_unique<InternalTraffic>(prefixes_, tag_hours_));
  }

 private:
  std::vector<std::string> prefixes_ = {"test-"};
  bool tag_hours_ = true;
};

}  // namespace

EDDY_PLUGIN(registry) {
  return registry.add("internal-traffic", [] { return std::make_unique<InternalTrafficFactory>(); });
}
