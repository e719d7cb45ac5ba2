#include "pipeline/profile_sweep.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "fakes/line_pipeline.h"

namespace eddy {
namespace {

constexpr int kUsers = 240;
constexpr std::int32_t kShards = 2;

std::string line(std::uint64_t n) {
  return "user-" + std::to_string(n % kUsers) + " " + std::to_string(n);
}

/// What the test and the operators of all shards share.
struct Wishes {
  std::atomic<std::uint64_t> number{0};
  std::atomic<std::uint64_t> ended{0};  ///< sum of the numbers of the sweeps that ended
  double rate = 1e6;
};

/// Wishes for what it is told to, and sends "swept NUMBER" for each profile of a sweep.
class Sweeping final : public Operator {
 public:
  explicit Sweeping(std::shared_ptr<Wishes> wishes) : wishes_(std::move(wishes)) {}
  [[nodiscard]] Stage stage() const override { return Stage::kProfiles; }
  Result<void> open(OperatorContext& /*context*/) override { return {}; }
  Result<void> process(Batch& /*batch*/, std::span<Item* const> /*items*/) override { return {}; }
  SweepWish between_batches() override {
    number_ = wishes_->number;
    return {number_ > swept_ ? number_ : 0, wishes_->rate};
  }
  Result<void> sweep(Batch& batch, std::span<Item* const> items) override {
    for (const Item* item : items) {
      EXPECT_EQ(item->record, kNoRecord);
      EXPECT_FALSE(item->profile->facts.empty());
      EXPECT_EQ(item->event.time, item->profile->facts.sessions.at(0).last_time());
      batch.outputs.push_back(
          {"out", item->event.user.value(), "swept " + std::to_string(number_), kNoRecord});
    }
    return {};
  }
  void swept(std::uint64_t number) override {
    swept_ = number;
    wishes_->ended += number;
  }

 private:
  const std::shared_ptr<Wishes> wishes_;
  std::uint64_t number_ = 0, swept_ = 0;
};

class SweepingFactory final : public OperatorFactory {
 public:
  explicit SweepingFactory(std::shared_ptr<Wishes> wishes) : wishes_(std::move(wishes)) {}
  [[nodiscard]] std::string summary() const override { return "Sweeps."; }
  OptionSet options() override { return OptionSet("sweeping"); }
  void prepare(const ParamNode& /*node*/, std::vector<Error>& /*mistakes*/) override {}
  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    return std::unique_ptr<Operator>(std::make_unique<Sweeping>(wishes_));
  }

 private:
  const std::shared_ptr<Wishes> wishes_;
};

struct SweptPipeline : LinePipeline {
  SweptPipeline() {
    options.batch_events = 64;
    options.in_flight_bytes = 1U << 20U;  // a step of a sweep waits behind what is in flight
    options.commit_interval = std::chrono::milliseconds(5);
    options.hot_profiles_bytes = 1;  // most profiles are on disk alone
    operators.push_back({"sweeping", std::make_shared<SweepingFactory>(wishes)});
  }
  /// How often each user was swept for that number.
  std::map<std::string, int> swept(std::uint64_t number) const {
    std::map<std::string, int> counts;
    for (const auto& [user, text] : out->written())
      if (text == "swept " + std::to_string(number)) ++counts[user];
    return counts;
  }
  std::shared_ptr<Wishes> wishes = std::make_shared<Wishes>();
};

TEST(ProfileSweep, goes_over_every_profile_once_for_each_wish_while_events_come) {
  SweptPipeline world;
  auto pipeline = world.make(std::make_unique<GeneratedSource>(1'000'000'000, kShards, line));
  std::thread runner([&] { EXPECT_TRUE(pipeline->run()); });
  EXPECT_TRUE(eventually([&] { return pipeline->committed_records() > 5000; }));
  world.wishes->number = 1;
  EXPECT_TRUE(eventually([&] { return world.wishes->ended == kShards; }));
  const auto first = world.swept(1);
  EXPECT_EQ(first.size(), static_cast<std::size_t>(kUsers)) << "its end is told when all is committed";
  world.wishes->number = 2;
  EXPECT_TRUE(eventually([&] { return world.wishes->ended == 3 * kShards; }));
  pipeline->stop();
  runner.join();
  for (const std::uint64_t number : {1, 2}) {
    const auto counts = world.swept(number);
    EXPECT_EQ(counts.size(), static_cast<std::size_t>(kUsers));
    for (const auto& [user, count] : counts) EXPECT_EQ(count, 1) << user;
  }
  std::size_t counted = 0;
  for (const auto& [user, text] : world.out->written()) counted += text.starts_with("swept") ? 0 : 1;
  EXPECT_EQ(counted, pipeline->committed_records()) << "every event has its own output";
}

TEST(ProfileSweep, quiet_shards_are_woken_and_commit_by_themselves) {
  SweptPipeline world;
  world.wishes->rate = 20'000;
  auto pipeline = world.make(std::make_unique<GeneratedSource>(1'000'000'000, kShards, line));
  std::thread runner([&] { EXPECT_TRUE(pipeline->run()); });
  EXPECT_TRUE(eventually([&] { return pipeline->committed_records() > 5000; }));
  world.source->pause();
  EXPECT_TRUE(eventually([&] { return pipeline->committed_records() == pipeline->records(); }));
  world.wishes->number = 1;
  pipeline->wake_shards();
  EXPECT_TRUE(eventually([&] { return world.wishes->ended == kShards; }));
  EXPECT_EQ(world.swept(1).size(), static_cast<std::size_t>(kUsers));
  pipeline->stop();
  runner.join();
}

TEST(ProfileSweep, without_a_rate_there_is_none) {
  SweptPipeline world;
  world.wishes->rate = 0;
  world.wishes->number = 1;
  auto pipeline = world.make(std::make_unique<GeneratedSource>(3000, kShards, line));
  ASSERT_TRUE(pipeline->run());
  EXPECT_TRUE(world.swept(1).empty());
  EXPECT_EQ(world.metrics->counter("eddy_sweeps_begun_total", "").value(), 0);
}

}  // namespace
}  // namespace eddy
