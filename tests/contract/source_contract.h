#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fakes/recording_handler.h"
#include "pipeline/source.h"

namespace eddy {

/// What lies behind a source: the test puts records in and opens bounded sources over them.
class SourceBench {
 public:
  virtual ~SourceBench() = default;
  /// Adds records that are read in this order (of each user). The value names the user: {"user":"…", …}.
  virtual void put(const std::vector<std::pair<std::string, std::string>>& user_and_value) = 0;
  /// A source that ends behind what was put so far; not open yet.
  virtual std::unique_ptr<Source> make() = 0;
  /// Where a shard's input is said to end: one of its positions, far beyond the end.
  virtual Positions beyond_the_end() = 0;
};

/// Null: this bench cannot be had here (no broker), and the test is skipped.
using MakeSourceBench = std::unique_ptr<SourceBench> (*)();

/// Every Source passes this suite:
///
///     INSTANTIATE_TEST_SUITE_P(File, SourceContract, testing::Values(&make_file_source_bench));
class SourceContract : public testing::TestWithParam<MakeSourceBench> {
 protected:
  void SetUp() override {
    bench_ = GetParam()();
    if (bench_ == nullptr) {
      GTEST_SKIP() << "SKIPPED: no broker. Set EDDY_TEST_BROKERS=host:port ('./dev kafka start' starts one).";
    }
  }

  /// `count` records of 7 users; the value numbers them.
  std::vector<std::pair<std::string, std::string>> put_numbered(int count) {
    std::vector<std::pair<std::string, std::string>> records;
    for (int i = 0; i < count; ++i) {
      const std::string user = "user-" + std::to_string(i % 7);
      std::string number = std::to_string(100000 + i);
      std::string value =
          "{\"user\":\"" + user + "\",\"time\":1700000" + number + ",\"number\":" + number + "}";
      records.emplace_back(user, std::move(value));
    }
    bench_->put(records);
    return records;
  }

  std::unique_ptr<Source> opened() {
    auto source = bench_->make();
    const auto shards = source->open();
    EXPECT_TRUE(shards) << to_string(shards.error());
    if (shards) shards_ = *shards;
    return source;
  }

  static std::vector<std::string> sorted_values(const RecordingHandler& handler) {
    std::vector<std::string> values;
    for (const auto& record : handler.records) values.push_back(record.value);
    std::sort(values.begin(), values.end());
    return values;
  }

  static std::vector<std::string> sorted_values(std::vector<std::pair<std::string, std::string>> records) {
    std::vector<std::string> values;
    for (auto& [user, value] : records) values.push_back(value);
    std::sort(values.begin(), values.end());
    return values;
  }

  std::unique_ptr<SourceBench> bench_;
  std::int32_t shards_ = 0;
};

TEST_P(SourceContract, hands_over_every_record_once) {
  const auto put = put_numbered(1000);
  const auto source = opened();
  RecordingHandler handler;
  ASSERT_THAT(drain(*source, handler), Succeeds());
  EXPECT_EQ(sorted_values(handler), sorted_values(put));
}

TEST_P(SourceContract, keeps_the_order_of_each_user) {
  const auto put = put_numbered(1000);
  const auto source = opened();
  RecordingHandler handler;
  ASSERT_THAT(drain(*source, handler), Succeeds());
  std::map<std::string, std::vector<std::string>> expected;
  std::map<std::string, std::vector<std::string>> got;
  for (const auto& [user, value] : put) expected[user].push_back(value);
  for (const auto& record : handler.records) {
    got[record.value.substr(9, record.value.find('"', 9) - 9)].push_back(record.value);
  }
  EXPECT_EQ(got, expected);
}

TEST_P(SourceContract, a_user_belongs_to_one_shard) {
  put_numbered(300);
  const auto source = opened();
  RecordingHandler handler;
  ASSERT_THAT(drain(*source, handler), Succeeds());
  std::map<std::string, std::set<std::int32_t>> shards_of;
  for (const auto& record : handler.records) {
    shards_of[record.value.substr(9, record.value.find('"', 9) - 9)].insert(record.shard);
    EXPECT_EQ(record.partition, record.shard);
    EXPECT_GE(record.shard, 0);
    EXPECT_LT(record.shard, shards_);
  }
  EXPECT_EQ(shards_of.size(), 7U);
  for (const auto& [user, shards] : shards_of) EXPECT_EQ(shards.size(), 1U) << user;
}

TEST_P(SourceContract, positions_ascend) {
  put_numbered(300);
  const auto source = opened();
  RecordingHandler handler;
  ASSERT_THAT(drain(*source, handler), Succeeds());
  std::map<std::pair<std::string, std::int32_t>, std::int64_t> last;
  for (const auto& record : handler.records) {
    const auto [at, is_first] = last.try_emplace({record.topic, record.partition}, -1);
    EXPECT_GT(record.offset, at->second);
    at->second = record.offset;
  }
}

TEST_P(SourceContract, every_shard_is_assigned_and_started_once_before_its_records) {
  put_numbered(300);
  const auto source = opened();
  RecordingHandler handler;
  handler.after_record = [&] {
    EXPECT_EQ(handler.started[handler.records.back().shard], 1);
    EXPECT_TRUE(handler.starts.contains({handler.records.back().topic, handler.records.back().partition}));
  };
  ASSERT_THAT(drain(*source, handler), Succeeds());
  ASSERT_EQ(handler.assigned.size(), static_cast<std::size_t>(shards_));
  for (const auto& [shard, times] : handler.assigned) EXPECT_EQ(times, 1) << shard;
  EXPECT_EQ(handler.started, handler.assigned);
}

TEST_P(SourceContract, resumes_behind_the_stored_positions) {
  const auto put = put_numbered(1000);
  RecordingHandler first;
  {
    const auto source = opened();
    // Stops in the middle: what is read behind the 400th record counts as lost in a crash.
    ASSERT_TRUE(poll_until(*source, first, [&] { return first.records.size() >= 400; }));
    source->close();
    first.records.resize(400);
  }
  RecordingHandler second;
  second.stored = first.next_positions();
  const auto source = opened();
  ASSERT_THAT(drain(*source, second), Succeeds());
  EXPECT_EQ(second.records.size(), 600U);
  second.records.insert(second.records.end(), first.records.begin(), first.records.end());
  EXPECT_EQ(sorted_values(second), sorted_values(put));
}

TEST_P(SourceContract, resumes_at_the_end_with_nothing) {
  put_numbered(100);
  RecordingHandler first;
  ASSERT_THAT(drain(*opened(), first), Succeeds());
  RecordingHandler second;
  second.stored = first.next_positions();
  const auto drained = drain(*opened(), second);
  ASSERT_TRUE(drained) << to_string(drained.error());
  EXPECT_TRUE(second.records.empty());
  EXPECT_EQ(second.starts, second.stored);
}

TEST_P(SourceContract, refuses_a_state_from_beyond_the_end) {
  put_numbered(100);
  const auto source = opened();
  RecordingHandler handler;
  handler.stored = bench_->beyond_the_end();
  const auto drained = drain(*source, handler);
  ASSERT_FALSE(drained);
  EXPECT_EQ(drained.error().fault, Fault::kUser);
  EXPECT_EQ(drained.error().remedy, Remedy::kStop);
  EXPECT_THAT(drained.error().message, testing::HasSubstr("do not fit"));
  EXPECT_THAT(drained.error().message, testing::HasSubstr("empty"));
  EXPECT_TRUE(handler.records.empty());
}

TEST_P(SourceContract, hands_over_nothing_while_paused) {
  const auto put = put_numbered(1000);
  const auto source = opened();
  RecordingHandler handler;
  handler.after_record = [&] { source->pause(); };
  while (handler.records.size() < 100) {
    const std::size_t before = handler.records.size();
    ASSERT_TRUE(poll_until(*source, handler, [&] { return handler.records.size() > before; }));
    ASSERT_EQ(handler.records.size(), before + 1) << "a pause takes effect before the next record";
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(source->poll(handler, std::chrono::milliseconds(5)));
    ASSERT_EQ(handler.records.size(), before + 1);
    source->resume();
  }
  handler.after_record = nullptr;
  source->resume();
  ASSERT_THAT(drain(*source, handler), Succeeds());
  EXPECT_EQ(sorted_values(handler), sorted_values(put));
}

TEST_P(SourceContract, an_empty_source_ends_at_once_and_stays_ended) {
  bench_->put({});
  const auto source = opened();
  RecordingHandler handler;
  ASSERT_THAT(drain(*source, handler), Succeeds());
  const auto again = source->poll(handler, std::chrono::milliseconds(0));
  ASSERT_TRUE(again);
  EXPECT_FALSE(*again);
  EXPECT_TRUE(handler.records.empty());
}

TEST_P(SourceContract, a_failure_of_the_handler_comes_out_of_poll) {
  put_numbered(10);
  const auto source = opened();
  RecordingHandler handler;
  handler.assign_failure = "the disk is gone";
  const auto drained = drain(*source, handler);
  ASSERT_FALSE(drained);
  EXPECT_EQ(drained.error().message, "the disk is gone");
  EXPECT_TRUE(handler.records.empty());
}

TEST_P(SourceContract, progress_ends_at_its_total) {
  put_numbered(500);
  const auto source = opened();
  RecordingHandler handler;
  ASSERT_THAT(drain(*source, handler), Succeeds());
  EXPECT_GT(source->progress().total, 0U);
  EXPECT_EQ(source->progress().done, source->progress().total);
}

TEST_P(SourceContract, may_be_told_of_commits_and_closed_twice) {
  put_numbered(10);
  const auto source = opened();
  RecordingHandler handler;
  ASSERT_THAT(drain(*source, handler), Succeeds());
  EXPECT_TRUE(source->committed(handler.next_positions()));
  source->close();
  source->close();
}

}  // namespace eddy
