#pragma once

#include <memory>
#include <string>

#include "operators/operator_registry.h"

namespace eddy {

/// An operator that does nothing, of a given stage.
class IdleOperator final : public Operator {
 public:
  explicit IdleOperator(Stage stage) : stage_(stage) {}
  [[nodiscard]] Stage stage() const override { return stage_; }
  Result<void> open(OperatorContext& /*context*/) override { return {}; }
  Result<void> process(Batch& /*batch*/, std::span<Item* const> /*items*/) override { return {}; }

 private:
  const Stage stage_;
};

/// Takes `top_k` (1 to 100) and, where it has outputs, `sink`; its preparation refuses top_k 13, and its
/// creation 14.
class FakeFactory final : public OperatorFactory {
 public:
  FakeFactory(Operator::Stage stage, bool has_sink) : stage_(stage), has_sink_(has_sink) {}

  [[nodiscard]] std::string summary() const override { return "Does nothing."; }
  OptionSet options() override {
    OptionSet options("fake");
    options.add("top_k", &top_k_, 1, 100, "How many.");
    if (has_sink_) options.add("sink", &sink_, "Where to.");
    return options;
  }
  void prepare(const ParamNode& node, std::vector<Error>& mistakes) override {
    if (top_k_ == 13) mistakes.push_back(user_error("fake: 13 brings bad luck", node.where));
  }
  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    if (top_k_ == 14) return user_error("cannot be made");
    return std::make_unique<IdleOperator>(stage_);
  }

 private:
  const Operator::Stage stage_;
  const bool has_sink_;
  std::int64_t top_k_ = 3;
  std::string sink_ = "recommendations";
};

/// The default chain's names, and `records` and `outputs` of those stages.
inline OperatorRegistry fake_registry() {
  using Stage = Operator::Stage;
  OperatorRegistry registry;
  const auto add = [&](const char* name, Stage stage, bool has_sink = false) {
    ignore_error(registry.add(name, [=] { return std::make_unique<FakeFactory>(stage, has_sink); }),
                 "the names here are different");
  };
  add("decode", Stage::kRecords);
  add("redact", Stage::kRecords);
  add("fold", Stage::kProfiles);
  add("refresh", Stage::kProfiles);
  add("publish", Stage::kProfiles, true);
  add("records", Stage::kRecords);
  add("outputs", Stage::kOutputs);
  return registry;
}

}  // namespace eddy
