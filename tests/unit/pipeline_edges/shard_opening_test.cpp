#include "pipeline/kafka/shard_opening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>

namespace eddy {
namespace {

using testing::ElementsAre;

/// Opens shards, some of which fail; each waits until so many are being opened.
class OpeningHandler final : public SourceHandler {
 public:
  explicit OpeningHandler(int at_once) : at_once_(at_once) {}

  void on_record(ShardId, SourcePosition, std::string_view, bool, std::string_view) override {
    ADD_FAILURE() << "a record while shards are opened";
  }
  Result<Positions> on_assigned(ShardId shard) override {
    std::unique_lock lock(mutex_);
    ++opening_;
    changed_.notify_all();
    if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return opening_ >= at_once_; })) {
      ADD_FAILURE() << "only " << opening_ << " shards are opened at once";
    }
    if (const auto failing = failures.find(shard.value()); failing != failures.end()) return failing->second;
    return Positions{{{"web", shard.value()}, 10 + shard.value()}};
  }
  void on_started(ShardId shard, const Positions&) override { started.push_back(shard.value()); }
  Result<void> on_revoked(ShardId) override { return {}; }
  void on_lost(ShardId shard) override { lost.push_back(shard.value()); }

  std::map<std::int32_t, Error> failures;
  std::vector<std::int32_t> started, lost;

 private:
  const int at_once_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int opening_ = 0;
};

Result<LogRanges> ranges() {
  LogRanges ranges;
  for (std::int32_t shard = 0; shard < 8; ++shard) {
    ranges.first[{"web", shard}] = ranges.default_start[{"web", shard}] = 0;
    ranges.end[{"web", shard}] = 100;
  }
  return ranges;
}

TEST(open_shards, opens_several_at_once_and_starts_them_where_they_stopped) {
  OpeningHandler handler(4);
  const PartitionTable table({"web"}, 8);
  const auto starts = open_shards(handler, table, {0, 1, 2, 3}, ranges);
  ASSERT_TRUE(starts) << starts.error().message;
  EXPECT_EQ(*starts, (Positions{{{"web", 0}, 10}, {{"web", 1}, 11}, {{"web", 2}, 12}, {{"web", 3}, 13}}));
  EXPECT_THAT(handler.started, ElementsAre(0, 1, 2, 3));
  EXPECT_TRUE(handler.lost.empty());
}

TEST(open_shards, leaves_none_open_when_one_fails_and_says_what_does_not_pass) {
  OpeningHandler handler(1);
  handler.failures.emplace(0, external_error("the broker is away", {}, Remedy::kRetry));
  handler.failures.emplace(2, user_error("the state is another graph's"));
  const PartitionTable table({"web"}, 8);
  const auto starts = open_shards(handler, table, {0, 1, 2}, ranges);
  ASSERT_FALSE(starts);
  EXPECT_EQ(starts.error().message, "the state is another graph's");
  EXPECT_THAT(handler.lost, ElementsAre(0, 1, 2));
  EXPECT_TRUE(handler.started.empty());
}

TEST(open_shards, leaves_none_open_when_the_logs_cannot_be_asked) {
  OpeningHandler handler(1);
  const PartitionTable table({"web"}, 8);
  const auto starts = open_shards(handler, table, {5}, []() -> Result<LogRanges> {
    return external_error("no answer", {}, Remedy::kRetry);
  });
  ASSERT_FALSE(starts);
  EXPECT_EQ(starts.error().remedy, Remedy::kRetry);
  EXPECT_THAT(handler.lost, ElementsAre(5));
}

}  // namespace
}  // namespace eddy
