#include "pipeline/operator_chain.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace eddy {
namespace {

using Work = Result<void> (Operator::*)(Batch&, std::span<Item* const>);

/// Runs one operator; an exception of its own becomes an Error that names it.
Result<void> run(const OperatorContext& context, Operator& instance, Work work, Batch& batch,
                 std::span<Item* const> items) {
  const auto where = [&] {
    return "operator " + context.name + ", shard " + std::to_string(context.shard.value());
  };
  try {
    auto result = (instance.*work)(batch, items);
    if (!result && result.error().where.empty()) result.error().where = where();
    return result;
  } catch (const std::exception& error) {
    return internal_error(std::string("an exception left the operator: ") + error.what(), where());
  }
}

}  // namespace

Result<void> check_stage_order(std::span<const std::pair<std::string, Operator::Stage>> chain) {
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (chain[i].second < chain[i - 1].second) {
      return user_error("operator '" + chain[i].first + "' cannot come after '" + chain[i - 1].first +
                        "': operators on records come first, then those on profiles, then those on outputs");
    }
  }
  return {};
}

OperatorChain::~OperatorChain() {
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) step->instance->close();
}

Result<void> OperatorChain::open(std::span<const OperatorStep> steps, const OperatorContext& context) {
  std::vector<std::pair<std::string, Operator::Stage>> stages;
  for (const OperatorStep& step : steps) {
    EDDY_ASSIGN(auto instance, step.factory->create(context.shard));
    stages.emplace_back(step.name, instance->stage());
    auto own_context = std::make_unique<OperatorContext>(context);
    own_context->name = step.name;
    EDDY_TRY(instance->open(*own_context));
    steps_.push_back({std::move(own_context), std::move(instance), 0});
  }
  return check_stage_order(stages);
}

Result<void> OperatorChain::process(Operator::Stage stage, Batch& batch) {
  for (Step& step : steps_) {
    if (step.instance->stage() != stage) continue;
    all_items_.clear();
    for (Item& item : batch.items) all_items_.push_back(&item);
    EDDY_TRY(run(*step.context, *step.instance, &Operator::process, batch, all_items_));
  }
  return {};
}

Result<void> OperatorChain::process_round(Batch& batch, std::span<Item* const> round) {
  for (Step& step : steps_) {
    if (step.instance->stage() != Operator::Stage::kProfiles) continue;
    EDDY_TRY(run(*step.context, *step.instance, &Operator::process, batch, round));
  }
  return {};
}

SweepWish OperatorChain::between_batches() {
  SweepWish all;
  for (Step& step : steps_) {
    if (step.instance->stage() != Operator::Stage::kProfiles) continue;
    const SweepWish wish = step.instance->between_batches();
    step.wished = wish.number;
    if (wish.number == 0) continue;
    all.number += wish.number;
    all.profiles_per_second = std::max(all.profiles_per_second, wish.profiles_per_second);
  }
  return all;
}

Result<void> OperatorChain::sweep(Batch& batch, std::span<Item* const> items) {
  for (Step& step : steps_) {
    if (step.instance->stage() != Operator::Stage::kProfiles) continue;
    EDDY_TRY(run(*step.context, *step.instance, &Operator::sweep, batch, items));
  }
  return {};
}

void OperatorChain::swept() {
  for (Step& step : steps_) {
    if (step.wished > 0) step.instance->swept(step.wished);
  }
}

Result<void> OperatorChain::recommend(Profile& profile, Recommendation& recommendation) {
  for (Step& step : steps_) EDDY_TRY(step.instance->recommend(profile, recommendation));
  return {};
}

}  // namespace eddy
