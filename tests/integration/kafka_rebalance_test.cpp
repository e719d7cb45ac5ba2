// Two consumers of one group share the shards out, and no record is lost or doubled as they come and go.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "fakes/eventually.h"
#include "fakes/test_broker.h"
#include "pipeline/kafka/kafka_source.h"

namespace eddy {
namespace {

constexpr std::int32_t kShards = 4;

/// What a pipeline keeps on disk: positions, and which record was counted how often.
struct SharedState {
  std::mutex mutex;
  Positions positions;
  std::map<std::string, int> seen;
  std::map<std::int32_t, std::string> owner;
  std::vector<std::string> violations;
};

/// One process of the group: stores a shard's positions as its records come.
class Member final : public SourceHandler {
 public:
  Member(std::string name, KafkaSourceOptions options, SharedState& state)
      : name_(std::move(name)), state_(state), source_(std::move(options)), thread_([this] { run(); }) {}
  ~Member() override { stop(); }

  void stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    thread_.join();
  }

  void on_record(ShardId shard, SourcePosition position, std::string_view, bool,
                 std::string_view value) override {
    const std::lock_guard lock(state_.mutex);
    if (state_.owner[shard.value()] != name_) state_.violations.push_back("a record of a shard not owned");
    ++state_.seen[std::string(value)];
    state_.positions[{position.topic.str(), position.partition}] = position.offset + 1;
  }
  Result<Positions> on_assigned(ShardId shard) override {
    const std::lock_guard lock(state_.mutex);
    if (!state_.owner[shard.value()].empty()) state_.violations.push_back("assigned before it was revoked");
    state_.owner[shard.value()] = name_;
    Positions own;
    for (const auto& [partition, offset] : state_.positions) {
      if (partition.second == shard.value()) own[partition] = offset;
    }
    return own;
  }
  Result<void> on_revoked(ShardId shard) override {
    const std::lock_guard lock(state_.mutex);
    if (state_.owner[shard.value()] != name_) state_.violations.push_back("revoked from another");
    state_.owner[shard.value()].clear();
    return {};
  }

 private:
  void run() {
    const auto opened = source_.open();
    if (!opened) return fail(opened.error());
    while (!stopping_) {
      const auto more = source_.poll(*this, std::chrono::milliseconds(20));
      if (!more && more.error().remedy != Remedy::kRetry) return fail(more.error());
    }
    {
      // A pipeline drains its shards before it closes the source.
      const std::lock_guard lock(state_.mutex);
      for (auto& [shard, owner] : state_.owner) {
        if (owner == name_) owner.clear();
      }
    }
    source_.close();
  }
  void fail(const Error& error) {
    const std::lock_guard lock(state_.mutex);
    state_.violations.push_back(to_string(error));
  }

  const std::string name_;
  SharedState& state_;
  KafkaSource source_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

class kafka_rebalance : public testing::Test {
 protected:
  void SetUp() override {
    EDDY_NEEDS_BROKER();
    broker_ = std::make_unique<TestBroker>();
    options_.cluster = broker_->cluster();
    // Short, so that a member that goes is noticed soon.
    options_.cluster.properties = {{"session.timeout.ms", "6000"}, {"heartbeat.interval.ms", "200"}};
    options_.topics = {broker_->create_topic("left", kShards), broker_->create_topic("right", kShards)};
    options_.group = TestBroker::unique_name("group");
  }

  /// 25 records for each partition of both topics.
  void put_round() {
    for (const std::string& topic : options_.topics) {
      std::vector<StoredMessage> messages;
      for (int i = 0; i < 25 * kShards; ++i)
        messages.push_back({i % kShards, 0, "user", std::to_string(++count_), {}});
      broker_->produce_all(topic, messages);
    }
  }

  bool eventually(const std::function<bool()>& condition) {
    return eddy::eventually([&] {
      const std::lock_guard lock(state_.mutex);
      return condition();
    });
  }
  /// Called under the lock.
  std::map<std::string, int> shards_by_owner() {
    std::map<std::string, int> counts;
    for (const auto& [shard, owner] : state_.owner) ++counts[owner];
    return counts;
  }
  bool all_seen() {
    return eventually([&] { return state_.seen.size() == static_cast<std::size_t>(count_); });
  }

  std::unique_ptr<TestBroker> broker_;
  KafkaSourceOptions options_;
  SharedState state_;
  int count_ = 0;
};

TEST_F(kafka_rebalance, members_share_the_shards_and_every_record_is_seen_once) {
  using Counts = std::map<std::string, int>;
  put_round();
  Member a("a", options_, state_);
  ASSERT_TRUE(eventually([&] { return shards_by_owner() == Counts{{"a", kShards}}; }));
  ASSERT_TRUE(all_seen());
  put_round();
  {
    Member b("b", options_, state_);
    ASSERT_TRUE(eventually([&] { return shards_by_owner() == Counts{{"a", 2}, {"b", 2}}; }));
    put_round();
    ASSERT_TRUE(all_seen());
  }
  put_round();
  ASSERT_TRUE(eventually([&] { return shards_by_owner() == Counts{{"a", kShards}}; }));
  ASSERT_TRUE(all_seen());
  a.stop();
  EXPECT_THAT(state_.violations, testing::IsEmpty());
  for (const auto& [record, times] : state_.seen) ASSERT_EQ(times, 1) << record;
}

TEST_F(kafka_rebalance, a_member_that_reads_other_topics_is_refused) {
  // The first reads both topics, the second only one of them: the range assignor splits the shards unevenly.
  Member a("a", options_, state_);
  ASSERT_TRUE(eventually([&] { return shards_by_owner() == std::map<std::string, int>{{"a", kShards}}; }));
  KafkaSourceOptions one = options_;
  one.topics.pop_back();
  Member b("b", one, state_);
  EXPECT_TRUE(eventually([&] {
    return std::any_of(state_.violations.begin(), state_.violations.end(), [](const std::string& text) {
      return text.find("assigned apart") != std::string::npos;
    });
  }));
}

}  // namespace
}  // namespace eddy
