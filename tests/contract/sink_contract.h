#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/sink.h"

namespace eddy {

/// A message as a reader finds it.
struct ReadBack {
  std::string key;  ///< empty where the sink writes none
  std::string value;
  bool is_deletion = false;
};

/// A sink under test, and the reader's side of it.
class SinkBench {
 public:
  virtual ~SinkBench() = default;
  virtual Sink& sink() = 0;
  /// All messages; of one shard in the order written.
  virtual std::vector<ReadBack> read() = 0;
  virtual std::vector<DeadLetter> read_dead_letters() = 0;
};

/// Null: this bench cannot be had here (no broker), and the test is skipped.
using MakeSinkBench = std::unique_ptr<SinkBench> (*)();

/// Every Sink passes this suite:
///
///     INSTANTIATE_TEST_SUITE_P(File, SinkContract, testing::Values(&make_file_sink_bench));
class SinkContract : public testing::TestWithParam<MakeSinkBench> {
 protected:
  void SetUp() override {
    bench_ = GetParam()();
    if (bench_ == nullptr) {
      GTEST_SKIP() << "SKIPPED: no broker. Set EDDY_TEST_BROKERS=host:port ('./dev kafka start' starts one).";
    }
    const auto opened = sink().open();
    ASSERT_TRUE(opened) << to_string(opened.error());
  }
  Sink& sink() { return bench_->sink(); }

  static std::string numbered(int shard, int number) {
    return "{\"shard\":" + std::to_string(shard) + ",\"number\":" + std::to_string(number) + "}";
  }

  std::unique_ptr<SinkBench> bench_;
};

TEST_P(SinkContract, what_is_flushed_can_be_read_in_order) {
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(sink().write(ShardId(1), "user", numbered(1, i)));
  ASSERT_TRUE(sink().flush(ShardId(1)));
  const auto messages = bench_->read();
  ASSERT_EQ(messages.size(), 1000U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(messages[static_cast<std::size_t>(i)].value, numbered(1, i));
}

TEST_P(SinkContract, shards_write_side_by_side) {
  constexpr int kShards = 4;
  constexpr int kMessages = 2000;
  std::vector<std::thread> writers;
  std::vector<std::string> failures(kShards);
  for (int shard = 0; shard < kShards; ++shard) {
    writers.emplace_back([&, shard] {
      for (int i = 0; i < kMessages; ++i) {
        const auto wrote = sink().write(ShardId(shard), "user-" + std::to_string(shard), numbered(shard, i));
        if (!wrote) failures[static_cast<std::size_t>(shard)] = to_string(wrote.error());
        if (i % 500 != 499) continue;
        const auto flushed = sink().flush(ShardId(shard));
        if (!flushed) failures[static_cast<std::size_t>(shard)] = to_string(flushed.error());
      }
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_THAT(failures, testing::Each(testing::IsEmpty()));
  std::vector<std::string> got;
  for (const auto& message : bench_->read()) got.push_back(message.value);
  for (int shard = 0; shard < kShards; ++shard) {
    std::vector<std::string> own;
    const std::string prefix = "{\"shard\":" + std::to_string(shard) + ",";
    std::copy_if(got.begin(), got.end(), std::back_inserter(own),
                 [&](const std::string& value) { return value.starts_with(prefix); });
    ASSERT_EQ(own.size(), static_cast<std::size_t>(kMessages));
    for (int i = 0; i < kMessages; ++i) ASSERT_EQ(own[static_cast<std::size_t>(i)], numbered(shard, i));
  }
}

TEST_P(SinkContract, an_empty_value_is_a_deletion) {
  ASSERT_TRUE(sink().write(ShardId(0), "for\"gotten", ""));
  ASSERT_TRUE(sink().flush(ShardId(0)));
  const auto messages = bench_->read();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_TRUE(messages[0].is_deletion);
  EXPECT_EQ(messages[0].key, "for\"gotten");
}

TEST_P(SinkContract, a_dead_letter_keeps_place_reason_and_bytes) {
  DeadLetter letter;
  letter.position = {TopicName("web"), 3, 1234567890123};
  letter.reason = "time is not \"RFC 3339\"\n";
  letter.key = "user";
  letter.value = std::string("{\"broken\": \xff\xfe\0 ", 15) + "\n\x01}";
  ASSERT_TRUE(sink().write_dead_letter(letter));
  DeadLetter empty = letter;
  empty.key.clear();
  empty.value.clear();
  ASSERT_TRUE(sink().write_dead_letter(empty));
  ASSERT_TRUE(sink().flush(ShardId(3)));
  auto letters = bench_->read_dead_letters();
  ASSERT_EQ(letters.size(), 2U);
  std::sort(letters.begin(), letters.end(),
            [](const DeadLetter& a, const DeadLetter& b) { return a.value.size() > b.value.size(); });
  for (const auto& got : letters) {
    EXPECT_EQ(got.position.topic.str(), "web");
    EXPECT_EQ(got.position.partition, 3);
    EXPECT_EQ(got.position.offset, 1234567890123);
    EXPECT_EQ(got.reason, letter.reason);
  }
  EXPECT_EQ(letters[0].key, letter.key);
  EXPECT_EQ(letters[0].value, letter.value);
  EXPECT_EQ(letters[1].key, "");
  EXPECT_EQ(letters[1].value, "");
}

TEST_P(SinkContract, flushing_nothing_succeeds) {
  EXPECT_TRUE(sink().flush(ShardId(0)));
  EXPECT_TRUE(sink().flush(ShardId(7)));
}

TEST_P(SinkContract, closing_writes_what_is_left_and_may_be_repeated) {
  ASSERT_TRUE(sink().write(ShardId(0), "user", numbered(0, 1)));
  ASSERT_TRUE(sink().close());
  ASSERT_TRUE(sink().close());
  EXPECT_EQ(bench_->read().size(), 1U);
  EXPECT_FALSE(sink().write(ShardId(0), "user", numbered(0, 2)));
}

}  // namespace eddy
