#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "operators/operator.h"
#include "operators/operator_context.h"
#include "pipeline/operator_step.h"

namespace eddy {

/// One shard's operators, in the graph's order, which is also the order of their stages:
///
///     kRecords* kProfiles* kOutputs*
class OperatorChain {
 public:
  OperatorChain() = default;
  ~OperatorChain();
  OperatorChain(OperatorChain&&) = default;
  OperatorChain& operator=(OperatorChain&&) = delete;
  OperatorChain(const OperatorChain&) = delete;
  OperatorChain& operator=(const OperatorChain&) = delete;

  /// Makes and opens the operators. `context.name` is set for each. Error: an operator that refuses to open,
  /// or an order of stages other than the above.
  Result<void> open(std::span<const OperatorStep> steps, const OperatorContext& context);

  /// Runs the operators of a stage over all items of the batch (kRecords and kOutputs).
  Result<void> process(Operator::Stage stage, Batch& batch);
  /// Runs the kProfiles operators over one round.
  Result<void> process_round(Batch& batch, std::span<Item* const> round);

  /// The kProfiles operators take over what is new. What they wish together: the sum of the numbers, the
  /// highest rate.
  SweepWish between_batches();
  /// Runs the kProfiles operators over some profiles of a sweep.
  Result<void> sweep(Batch& batch, std::span<Item* const> items);
  /// The sweep of the wish that between_batches() gave last is over and committed.
  void swept();

  Result<void> recommend(Profile& profile, Recommendation& recommendation);

 private:
  struct Step {
    std::unique_ptr<OperatorContext> context;
    std::unique_ptr<Operator> instance;
    std::uint64_t wished = 0;
  };
  std::vector<Step> steps_;
  std::vector<Item*> all_items_;  // scratch of process()
};

/// Checks the order of stages of a planned chain; used by open() and by `eddy check`.
Result<void> check_stage_order(std::span<const std::pair<std::string, Operator::Stage>> chain);

}  // namespace eddy
