#include "operators/publish/publish_operator.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "event/causing_event.h"
#include "event/json_writer.h"
#include "state/profile/profile.h"
#include "state/store/hot_profiles.h"

namespace eddy {
namespace {

struct PublishOptions {
  std::string sink = "recommendations";
  std::size_t top_k = 3;
  bool always = false;
  float min_step = 0.01F;
};

class PublishOperator final : public Operator {
 public:
  explicit PublishOperator(PublishOptions options) : options_(std::move(options)) {}

  [[nodiscard]] Stage stage() const override { return Stage::kProfiles; }

  Result<void> open(OperatorContext& context) override {
    profiles_ = context.profiles;
    return {};
  }

  Result<void> process(Batch& batch, std::span<Item* const> items) override {
    for (Item* item : items) {
      if (std::holds_alternative<Forget>(item->event.body)) {
        if (item->facts_changed) withdraw(batch, *item);
      } else if (item->recommendation.model) {
        publish(batch, *item);
      }
    }
    return {};
  }

  Result<void> sweep(Batch& batch, std::span<Item* const> items) override {
    for (Item* item : items) {
      if (item->recommendation.model) publish(batch, *item);
    }
    return {};
  }

 private:
  using Ranked = std::vector<std::pair<std::uint32_t, float>>;

  /// An empty value deletes the key of a compacted topic: what was recommended to a forgotten user is
  /// forgotten there.
  void withdraw(Batch& batch, const Item& item) const {
    batch.outputs.push_back({options_.sink, item.event.user.value(), std::string(), item.record});
  }

  void publish(Batch& batch, Item& item) const {
    const auto& ranked = item.recommendation.ranked;
    const auto top = std::span(ranked).first(std::min(options_.top_k, ranked.size()));
    const std::string& model = item.recommendation.model->name;
    Profile& profile = *item.profile;
    if (!options_.always && profile.last_output && profile.last_output->model == model &&
        is_near(top, profile.last_output->ranked)) {
      return;
    }
    Output& output = batch.outputs.emplace_back();
    output.sink = options_.sink;
    output.key = item.event.user.value();
    output.record = item.record;
    write(batch, item, top, output.value);
    if (options_.always) return;
    if (!profile.last_output) profile.last_output = std::make_unique<LastOutput>();
    profile.last_output->model = model;
    Ranked& last = profile.last_output->ranked;
    last.clear();
    for (const ScoredItem& scored : top) last.emplace_back(scored.item, scored.score);
    if (profiles_) profiles_->resized(&profile);
  }

  /// The same items in the same order, and no score moved by more than the step since it was sent.
  [[nodiscard]] bool is_near(std::span<const ScoredItem> top, const Ranked& last) const {
    return std::equal(
        top.begin(), top.end(), last.begin(), last.end(), [&](const ScoredItem& now, const auto& sent) {
          return now.item == sent.first && std::abs(now.score - sent.second) <= options_.min_step;
        });
  }

  static void write(const Batch& batch, const Item& item, std::span<const ScoredItem> top, std::string& out) {
    const ScoredModel& model = *item.recommendation.model;
    out.reserve(160 + 48 * top.size());
    out += R"({"user":)";
    append_json_string(out, item.event.user.value());
    out += R"(,"event":)";
    if (item.event.id.value().empty()) {
      append_json_string(out, causing_event(batch, item).value());
    } else {
      append_json_string(out, item.event.id.value());
    }
    out += R"(,"time":)";
    append_json_string(out, to_rfc3339(item.event.time));
    out += R"(,"model":)";
    append_json_string(out, model.name);
    out += R"(,"items":[)";
    for (const ScoredItem& scored : top) {
      if (&scored != top.data()) out += ',';
      out += R"({"item":)";
      append_json_string(out, model.items[scored.item].value());
      out += R"(,"score":)";
      append_json_number(out, scored.score);
      out += '}';
    }
    out += "]}";
  }

  const PublishOptions options_;
  HotProfiles* profiles_ = nullptr;
};

class PublishFactory final : public OperatorFactory {
 public:
  [[nodiscard]] std::string summary() const override {
    return "Sends a user's top items to a sink when they changed or a score moved; when a user is forgotten, "
           "deletes them.";
  }

  OptionSet options() override {
    OptionSet options("publish");
    options.add("sink", &options_.sink, "Name of the sink, as in the section sinks.");
    options.add("top_k", &top_k_, 1, 1000, "How many items are sent; not more than refresh keeps.");
    options.add("emit", &emit_, {"changed", "always"},
                "changed: only what differs from what was sent; always: all.");
    options.add("min_step", &min_step_, 0.0, 1.0,
                "Send when a score moved by more than this since it was sent.");
    return options;
  }

  void prepare(const ParamNode& node, std::vector<Error>& mistakes) override {
    if (options_.sink.empty()) mistakes.push_back(user_error("publish: sink must not be empty", node.where));
    options_.top_k = static_cast<std::size_t>(top_k_);
    options_.always = emit_ == "always";
    options_.min_step = static_cast<float>(min_step_);
  }

  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    return std::unique_ptr<Operator>(std::make_unique<PublishOperator>(options_));
  }

 private:
  PublishOptions options_;
  std::int64_t top_k_ = 3;
  std::string emit_ = "changed";
  double min_step_ = 0.01;
};

}  // namespace

std::unique_ptr<OperatorFactory> make_publish_factory() {
  return std::make_unique<PublishFactory>();
}

}  // namespace eddy
