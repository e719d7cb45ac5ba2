#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fakes/shard_in_memory.h"
#include "operators/operator_registry.h"

namespace eddy {

/// What the contract needs of an operator: how to make it, and settings that it accepts.
struct OperatorUnderTest {
  std::string name;
  OperatorRegistry::MakeFactory make;
  ParamNode settings;
  /// Operators that come before it in a graph.
  std::vector<std::function<Result<std::unique_ptr<Operator>>()>> before;
};

inline void PrintTo(const OperatorUnderTest& tested, std::ostream* out) {
  *out << tested.name;
}

/// What every operator keeps, built-in or not.
class OperatorContract : public testing::TestWithParam<OperatorUnderTest> {
 protected:
  static Result<std::unique_ptr<Operator>> make() {
    const auto factory = GetParam().make();
    return make_operator(*factory, GetParam().settings);
  }

  /// The chain up to and with the operator, over the same events: one record of each type, twice, and a
  /// broken one.
  struct Outcome {
    std::size_t records = 0, items = 0, dead_letters = 0;
    std::vector<std::string> outputs;
    bool operator==(const Outcome&) const = default;
  };

  static void run(Outcome& outcome) {
    ShardInMemory shard;
    for (const auto& before : GetParam().before) ASSERT_TRUE(shard.append(before()));
    auto appended = shard.append(make());
    ASSERT_TRUE(appended) << appended.error().message;
    Batch batch = shard.batch(events());
    for (int round = 0; round < 2; ++round) {
      const auto result = shard.run(batch);
      ASSERT_TRUE(result) << result.error().message;
      outcome.records += batch.records().size();
      outcome.items += batch.items.size();
      outcome.dead_letters += batch.dead_letters.size();
      for (const Output& output : batch.outputs) {
        EXPECT_FALSE(output.sink.empty());
        EXPECT_LT(output.record, batch.records().size());
        outcome.outputs.push_back(output.sink + " " + output.key + " " + output.value);
      }
      for (const Item& item : batch.items) EXPECT_LT(item.record, batch.records().size());
      batch = shard.batch(events());
    }
  }

  static std::vector<std::string> events() {
    const std::string head = R"("user":"u","id":"e","time":17000)";
    return {"{\"type\":\"action\",\"tags\":[\"a\"]," + head + "1}",
            "{\"type\":\"utterance\",\"call\":\"c\",\"seq\":1,\"speaker\":\"customer\",\"text\":\"hello\"," +
                head + "2}",
            "{\"type\":\"call_started\",\"call\":\"c\"," + head + "3}",
            "{\"type\":\"call_ended\",\"call\":\"c\"," + head + "4}",
            "{\"type\":\"purchase\",\"items\":[\"one\"]," + head + "5}",
            "{\"type\":\"portfolio\",\"items\":[\"two\"]," + head + "6}",
            "{\"type\":\"identify\",\"visitor\":\"v\"," + head + "7}",
            "{\"type\":\"forget\"," + head + "8}",
            "broken"};
  }
};

TEST_P(OperatorContract, documents_itself_and_its_options) {
  const auto factory = GetParam().make();
  EXPECT_TRUE(factory->summary().ends_with('.')) << factory->summary();
  std::set<std::string> names;
  for (const auto& entry : factory->options().entries()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_TRUE(entry.sentence.ends_with('.')) << entry.name << ": " << entry.sentence;
    EXPECT_FALSE(entry.type.empty()) << entry.name;
  }
}

TEST_P(OperatorContract, accepts_its_settings_and_refuses_unknown_ones) {
  ASSERT_TRUE(make());
  ParamNode node = settings({{"no_such_option", "1"}});
  std::vector<Error> mistakes;
  const auto factory = GetParam().make();
  factory->options().read(node, mistakes);
  ASSERT_FALSE(mistakes.empty());
  EXPECT_EQ(mistakes.front().fault, Fault::kUser);
}

TEST_P(OperatorContract, instances_of_one_factory_are_independent) {
  const auto factory = GetParam().make();
  std::vector<Error> mistakes;
  factory->options().read(GetParam().settings, mistakes);
  factory->prepare(GetParam().settings, mistakes);
  ASSERT_TRUE(mistakes.empty()) << mistakes.front().message;
  auto a = factory->create(ShardId(0));
  auto b = factory->create(ShardId(1));
  ASSERT_TRUE(a && b);
  EXPECT_NE(a->get(), b->get());
  EXPECT_EQ((*a)->stage(), (*b)->stage());
}

TEST_P(OperatorContract, an_empty_batch_gives_nothing) {
  ShardInMemory shard;
  auto made = make();
  ASSERT_TRUE(made);
  ASSERT_TRUE((*made)->open(shard.context()));
  Batch batch{ShardId(0)};
  ASSERT_TRUE((*made)->process(batch, {}));
  EXPECT_TRUE(batch.items.empty() && batch.outputs.empty() && batch.dead_letters.empty());
  (*made)->close();
  (*made)->close();
}

TEST_P(OperatorContract, every_record_goes_on_or_is_refused) {
  Outcome outcome;
  run(outcome);
  EXPECT_EQ(outcome.items + outcome.dead_letters, outcome.records);
  EXPECT_EQ(outcome.dead_letters, 2U) << "the broken record of each batch";
}

TEST_P(OperatorContract, the_same_events_give_the_same_outputs) {
  Outcome first;
  Outcome second;
  run(first);
  run(second);
  EXPECT_EQ(first, second);
}

}  // namespace eddy
