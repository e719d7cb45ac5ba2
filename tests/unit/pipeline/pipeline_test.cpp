#include "pipeline/pipeline.h"

#include <gtest/gtest.h>

#include <thread>

#include "fakes/line_pipeline.h"

namespace eddy {
namespace {

// 48 is a multiple of the numbers of shards used here, so that a user has one shard.
std::string line(std::uint64_t n) {
  return "user-" + std::to_string(n % 48) + " " + std::to_string(n);
}

TEST(Pipeline, every_event_is_folded_and_its_output_written_by_the_end_of_the_source) {
  LinePipeline world;
  auto pipeline = world.make(std::make_unique<GeneratedSource>(10'000, 4, line));
  ASSERT_TRUE(pipeline->run());
  EXPECT_EQ(pipeline->records(), 10'000U);
  EXPECT_EQ(pipeline->committed_records(), 10'000U);
  EXPECT_EQ(world.out->written().size(), 10'000U);
  std::size_t actions = 0;
  for (const auto& [user, facts] : world.facts()) actions += facts.sessions.at(0).actions.size();
  EXPECT_EQ(actions, 10'000U);
  EXPECT_EQ((*world.stores[3]->positions())[std::pair("generated", 3)], 2500);
}

TEST(Pipeline, each_event_sees_the_facts_as_they_were_at_that_event) {
  LinePipeline world;
  auto pipeline = world.make(std::make_unique<GeneratedSource>(
      3000, 1, [](std::uint64_t n) { return "u" + std::to_string(n % 7) + " " + std::to_string(n); }));
  ASSERT_TRUE(pipeline->run());
  std::map<std::string, int> last;
  for (const auto& [user, text] : world.out->written()) {
    ASSERT_EQ(text, user + " " + std::to_string(++last[user]))
        << "no event was skipped, doubled or out of order";
  }
}

TEST(Pipeline, goes_on_after_a_stop_where_it_committed) {
  LinePipeline world;
  auto pipeline = world.make(std::make_unique<GeneratedSource>(1'000'000'000, 2, line));
  std::thread runner([&] { EXPECT_TRUE(pipeline->run()); });
  ASSERT_TRUE(eventually([&] { return world.source->handed_over() > 5000; }));
  pipeline->stop();
  runner.join();
  const std::uint64_t before = world.source->handed_over();
  EXPECT_EQ(pipeline->committed_records(), before) << "a stop drains and commits";
  EXPECT_EQ(world.source->told().size(), 2U);

  const std::uint64_t all = before + 3000;
  pipeline = world.make(std::make_unique<GeneratedSource>(all, 2, line));
  ASSERT_TRUE(pipeline->run());
  EXPECT_EQ(world.source->handed_over(), 3000U);
  EXPECT_EQ(world.out->written().size(), all);
}

TEST(Pipeline, bad_records_are_put_aside_with_reason_and_place_and_the_rest_goes_on) {
  LinePipeline world;
  auto pipeline = world.make(std::make_unique<GeneratedSource>(
      1000, 2, [](std::uint64_t n) { return n % 10 == 3 ? std::string("broken") : line(n); }));
  ASSERT_TRUE(pipeline->run());
  const auto letters = world.dead_letters->dead_letters();
  EXPECT_EQ(letters.size(), 100U);
  EXPECT_EQ(letters.at(0).reason, "no line of USER NUMBER");
  EXPECT_EQ(letters.at(0).value, "broken");
  EXPECT_EQ(world.out->written().size(), 900U);
  EXPECT_EQ(world.metrics->counter("eddy_dead_letters_total", "").value(), 100);
}

TEST(Pipeline, quiet_shard_is_committed_after_the_interval) {
  LinePipeline world;
  world.options.commit_interval = std::chrono::milliseconds(1);
  // One record, and then a source that has nothing more but does not end.
  auto pipeline = world.make(std::make_unique<GeneratedSource>(2, 1, line, 1));
  class Quiet final : public Source {
   public:
    Result<std::int32_t> open() override { return 1; }
    Result<bool> poll(SourceHandler& handler, std::chrono::milliseconds) override {
      if (std::exchange(is_first_, false)) {
        EDDY_TRY(handler.on_assigned(ShardId(0)));
        handler.on_record(ShardId(0), {TopicName("quiet"), 0, 41}, {}, false, "ann 1");
      }
      std::this_thread::yield();
      return true;
    }
    void pause() override {}
    void resume() override {}
    Result<void> committed(const Positions&) override { return {}; }
    void close() override {}

   private:
    bool is_first_ = true;
  };
  PipelineParts parts;
  parts.source = std::make_unique<Quiet>();
  parts.sinks = {{"out", world.out}};
  parts.operators = world.operators;
  parts.options = world.options;
  parts.metrics = world.metrics.get();
  auto store = std::make_shared<MemoryProfileStore>();
  parts.open_store = [&](ShardId, std::int32_t) -> Result<std::unique_ptr<ProfileStore>> {
    return std::unique_ptr<ProfileStore>(std::make_unique<SharedStore>(store));
  };
  Pipeline quiet(std::move(parts));
  std::thread runner([&] { EXPECT_TRUE(quiet.run()); });
  EXPECT_TRUE(eventually([&] { return quiet.committed_records() == 1; }));
  EXPECT_EQ((*store->positions())[std::pair("quiet", 0)], 42);
  quiet.stop();
  runner.join();
}

TEST(Pipeline, failing_sink_ends_the_run_with_its_error_and_commits_nothing_more) {
  LinePipeline world;
  world.out->fail();
  auto pipeline = world.make(std::make_unique<GeneratedSource>(1'000'000'000, 2, line));
  const auto result = pipeline->run();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("full"), std::string::npos);
  EXPECT_TRUE(world.facts().empty());
}

TEST(Pipeline, failing_operator_ends_the_run_and_says_which) {
  LinePipeline world;
  world.operators.push_back(
      {"faulty", std::make_shared<FunctionFactory>(
                     Operator::Stage::kOutputs,
                     [](OperatorContext&, Batch& batch, std::span<Item* const>) -> Result<void> {
                       if (batch.records().empty()) return {};
                       return internal_error("it broke");
                     })});
  auto pipeline = world.make(std::make_unique<GeneratedSource>(1'000'000'000, 2, line));
  const auto result = pipeline->run();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().where.find("faulty"), std::string::npos);
}

TEST(Pipeline, answers_questions_while_it_runs) {
  LinePipeline world;
  auto pipeline = world.make(std::make_unique<GeneratedSource>(1'000'000'000, 2, line));
  EXPECT_FALSE(pipeline->why_not_ready().empty());
  std::thread runner([&] { EXPECT_TRUE(pipeline->run()); });
  ASSERT_TRUE(eventually([&] {  // the shards do not commit together
    if (!pipeline->why_not_ready().empty() || pipeline->committed_records() <= 1000) return false;
    const auto known = pipeline->recommend(UserId("user-7"));
    return known && known->has_value();
  }));
  for (int i = 0; i < 100; ++i) {
    const auto known = pipeline->recommend(UserId("user-7"));
    ASSERT_TRUE(known);
    EXPECT_TRUE(known->has_value());
    const auto unknown = pipeline->recommend(UserId("nobody"));
    ASSERT_TRUE(unknown);
    EXPECT_FALSE(unknown->has_value());
  }
  pipeline->stop();
  runner.join();
}

}  // namespace
}  // namespace eddy
