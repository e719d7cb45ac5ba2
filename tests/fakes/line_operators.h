#pragma once

#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "operators/operator_registry.h"
#include "state/profile/fold.h"
#include "state/store/hot_profiles.h"

namespace eddy {

/// An operator made of one function, for tests of what runs operators.
class FunctionFactory final : public OperatorFactory {
 public:
  using Process = std::function<Result<void>(OperatorContext&, Batch&, std::span<Item* const>)>;

  FunctionFactory(Operator::Stage stage, Process process) : stage_(stage), process_(std::move(process)) {}
  [[nodiscard]] std::string summary() const override { return "A function."; }
  OptionSet options() override { return OptionSet("function"); }
  void prepare(const ParamNode& /*node*/, std::vector<Error>& /*mistakes*/) override {}
  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    return std::unique_ptr<Operator>(std::make_unique<Instance>(stage_, process_));
  }

 private:
  class Instance final : public Operator {
   public:
    Instance(Stage stage, Process process) : stage_(stage), process_(std::move(process)) {}
    [[nodiscard]] Stage stage() const override { return stage_; }
    Result<void> open(OperatorContext& context) override {
      context_ = &context;
      return {};
    }
    Result<void> process(Batch& batch, std::span<Item* const> items) override {
      return process_(*context_, batch, items);
    }

   private:
    const Stage stage_;
    const Process process_;
    OperatorContext* context_ = nullptr;
  };

  const Operator::Stage stage_;
  const Process process_;
};

/// Reads "USER NUMBER" as an action of that user, with the number as time and tag; refuses anything else.
inline std::shared_ptr<OperatorFactory> read_lines() {
  return std::make_shared<FunctionFactory>(
      Operator::Stage::kRecords, [](OperatorContext&, Batch& batch, std::span<Item* const>) -> Result<void> {
        for (std::uint32_t i = 0; i < batch.records().size(); ++i) {
          const Record& record = batch.records()[i];
          const std::string_view value = batch.value(record);
          const std::size_t space = value.find(' ');
          std::int64_t number = 0;
          if (space == std::string_view::npos ||
              std::from_chars(value.data() + space + 1, value.data() + value.size(), number).ec !=
                  std::errc()) {
            batch.refuse(record, "no line of USER NUMBER");
            continue;
          }
          Item& item = batch.items.emplace_back();
          item.record = i;
          item.event.user = UserId(std::string(value.substr(0, space)));
          item.event.time = {number};
          item.event.body = Action{SessionId("s"), {std::to_string(number)}};
        }
        return {};
      });
}

/// Folds, and writes "USER COUNT" (its actions so far) to the sink "out" at every event.
inline std::shared_ptr<OperatorFactory> fold_and_count() {
  return std::make_shared<FunctionFactory>(
      Operator::Stage::kProfiles,
      [](OperatorContext& context, Batch& batch, std::span<Item* const> items) -> Result<void> {
        FoldOptions options;
        options.max_actions_per_session = 1'000'000;
        for (Item* item : items) {
          fold(item->event, options, item->profile->facts);
          context.profiles->mark_changed(item->profile);
          context.profiles->resized(item->profile);
          const std::string& user = item->event.user.value();
          batch.outputs.push_back(
              {"out", user, user + " " + std::to_string(item->profile->facts.sessions[0].actions.size()),
               item->record});
        }
        return {};
      });
}

}  // namespace eddy
