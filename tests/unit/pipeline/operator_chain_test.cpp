#include "pipeline/operator_chain.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "fakes/line_operators.h"

namespace eddy {
namespace {

OperatorStep step(std::string name, Operator::Stage stage, FunctionFactory::Process process) {
  return {std::move(name), std::make_shared<FunctionFactory>(stage, std::move(process))};
}

const auto kNothing = [](OperatorContext&, Batch&, std::span<Item* const>) -> Result<void> { return {}; };

TEST(OperatorChain, refuses_stages_out_of_order_and_names_the_operators) {
  const std::vector<OperatorStep> steps = {step("late", Operator::Stage::kOutputs, kNothing),
                                           step("early", Operator::Stage::kRecords, kNothing)};
  OperatorChain chain;
  const auto opened = chain.open(steps, {});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("'early' cannot come after 'late'"), std::string::npos);
}

TEST(OperatorChain, exception_of_an_operator_becomes_an_error_that_names_it) {
  const std::vector<OperatorStep> steps = {
      step("thrower", Operator::Stage::kRecords,
           [](OperatorContext&, Batch&, std::span<Item* const>) -> Result<void> {
             throw std::runtime_error("boom");
           })};
  OperatorChain chain;
  OperatorContext context;
  context.shard = ShardId(2);
  ASSERT_TRUE(chain.open(steps, context));
  Batch batch(ShardId(2));
  const auto result = chain.process(Operator::Stage::kRecords, batch);
  ASSERT_FALSE(result);
  EXPECT_NE(to_string(result.error()).find("boom"), std::string::npos);
  EXPECT_EQ(result.error().where, "operator thrower, shard 2");
}

TEST(OperatorChain, each_operator_sees_the_items_that_the_one_before_left) {
  std::size_t seen = 0;
  const std::vector<OperatorStep> steps = {
      step("make", Operator::Stage::kRecords,
           [](OperatorContext&, Batch& batch, std::span<Item* const>) -> Result<void> {
             batch.items.resize(5);
             return {};
           }),
      step("drop", Operator::Stage::kRecords,
           [](OperatorContext&, Batch& batch, std::span<Item* const> items) -> Result<void> {
             EXPECT_EQ(items.size(), 5U);
             batch.items.resize(2);
             return {};
           }),
      step("look", Operator::Stage::kRecords,
           [&seen](OperatorContext&, Batch&, std::span<Item* const> items) -> Result<void> {
             seen = items.size();
             return {};
           })};
  OperatorChain chain;
  ASSERT_TRUE(chain.open(steps, {}));
  Batch batch(ShardId(0));
  ASSERT_TRUE(chain.process(Operator::Stage::kRecords, batch));
  EXPECT_EQ(seen, 2U);
}

}  // namespace
}  // namespace eddy
