// Invariant 6, Bounded: what is under way and what is hot in memory stay within the configured budgets,
// whatever the number of users and the backlog.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <random>
#include <thread>

#include "fakes/line_pipeline.h"

namespace eddy {
namespace {

std::size_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  std::size_t total = 0, resident = 0;
  EXPECT_EQ(std::fscanf(file, "%zu %zu", &total, &resident), 2);
  std::fclose(file);
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::string line(std::uint64_t n, std::uint64_t users) {
  return "user-" + std::to_string(n % users) + " " + std::to_string(n);
}

TEST(Bounded, a_sink_that_stands_still_stops_the_reading_within_the_budget) {
  const auto seed = std::random_device()();
  std::cout << "seed " << seed << '\n';
  std::mt19937 random(seed);
  for (int round = 0; round < 8; ++round) {  // each waits half a second for the pause
    LinePipeline world;
    world.options.in_flight_bytes = 1 + random() % 1'000'000;
    world.options.batch_events = 1 + random() % 500;
    world.options.commit_interval = std::chrono::milliseconds(1);
    constexpr std::uint64_t kChunk = 100;
    constexpr std::uint64_t kMostBytesOfRecord = 1100;
    world.out->hold_up();
    auto pipeline = world.make(std::make_unique<GeneratedSource>(
        1'000'000'000, 3, [](std::uint64_t n) { return line(n, 1'000'000'007); }, kChunk));
    std::thread runner([&] { EXPECT_TRUE(pipeline->run()); });
    const bool paused = eventually([&] { return world.source->is_paused(); });
    const std::uint64_t read = world.source->handed_over();
    world.out->let_go();
    const bool went_on = eventually([&] { return world.source->handed_over() > read + 1000; });
    pipeline->stop();
    runner.join();
    EXPECT_TRUE(paused);
    EXPECT_TRUE(went_on);
    // One poll may go beyond the budget, and one record always fits.
    EXPECT_LE(read, world.options.in_flight_bytes / 1024 + kChunk + 1);
    EXPECT_GE(read * kMostBytesOfRecord + 1024, world.options.in_flight_bytes);
    EXPECT_EQ(world.out->written().size(), world.source->handed_over());
  }
}

TEST(Bounded, hot_profiles_stay_within_their_budget_however_many_users_there_are) {
  LinePipeline world;
  world.options.hot_profiles_bytes = 1U << 20U;
  world.options.in_flight_bytes = 1U << 20U;
  std::size_t most = 0;
  const auto watch = std::make_shared<FunctionFactory>(
      Operator::Stage::kProfiles,
      [&most](OperatorContext& context, Batch&, std::span<Item* const>) -> Result<void> {
        most = std::max(most, context.profiles->memory_bytes());
        return {};
      });
  world.operators.push_back({"watch", watch});
  constexpr std::uint64_t kRecords = 100'000;
  auto pipeline = world.make(
      std::make_unique<GeneratedSource>(kRecords, 1, [](std::uint64_t n) { return line(n, kRecords); }));
  ASSERT_TRUE(pipeline->run());
  EXPECT_EQ(world.facts().size(), kRecords);
  // What is uncommitted comes on top of the budget, and is bounded by what is in flight: 1024 records of 1
  // KiB, whose profiles take less than 2 KiB each.
  EXPECT_LT(most, (1U << 20U) + 4 * (1U << 20U));
}

TEST(Bounded, resident_memory_with_a_slow_sink_stays_within_the_budget) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "SKIPPED: the sanitizer keeps freed memory, so the resident size says nothing.";
#endif
  LinePipeline world;
  world.options.in_flight_bytes = 8U << 20U;
  world.out->hold_up();
  const std::string filling(2000, 'x');
  const std::size_t before = resident_bytes();
  auto pipeline = world.make(std::make_unique<GeneratedSource>(
      1'000'000'000, 2, [&](std::uint64_t n) { return line(n, 1'000'000'007) + " " + filling; }));
  std::thread runner([&] { EXPECT_TRUE(pipeline->run()); });
  const bool paused = eventually([&] { return world.source->is_paused(); });
  const std::size_t after = resident_bytes();
  pipeline->stop();
  world.out->let_go();
  runner.join();
  ASSERT_TRUE(paused);
  // Twice the budget: envelopes are recycled with spare capacity. Without the limiter this would be
  // gigabytes.
  EXPECT_LT(after - std::min(before, after), 2 * world.options.in_flight_bytes + (16U << 20U));
}

}  // namespace
}  // namespace eddy
