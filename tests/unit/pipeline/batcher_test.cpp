#include "pipeline/batcher.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace eddy {
namespace {

using std::chrono::milliseconds;

class BatcherTest : public testing::Test {
 protected:
  BatcherTest() {
    options_.batch_events = 3;
    options_.batch_wait = milliseconds(5);
  }

  void add(Batcher& batcher, int shard, int offset, milliseconds now, std::size_t bytes = 10) {
    batcher.add(ShardId(shard), {TopicName("t"), shard, offset}, "k", true, std::string(bytes, 'x'),
                std::chrono::steady_clock::time_point(now));
  }
  Batcher make() {
    return {options_, pool_, limiter_, [this](ShardId shard, Envelope& envelope) {
              EXPECT_EQ(envelope.batch.shard(), shard);
              emitted_.push_back(&envelope);
            }};
  }

  PipelineOptions options_;
  EnvelopePool pool_;
  FlowLimiter limiter_{1 << 20};
  std::vector<Envelope*> emitted_;
};

TEST_F(BatcherTest, full_batch_goes_at_once_and_shards_do_not_mix) {
  Batcher batcher = make();
  for (int i = 0; i < 3; ++i) {
    add(batcher, 0, i, milliseconds(0));
    if (i < 2) add(batcher, 1, i, milliseconds(0));
  }
  ASSERT_EQ(emitted_.size(), 1U);
  EXPECT_EQ(emitted_[0]->batch.records().size(), 3U);
  EXPECT_EQ(emitted_[0]->batch.records()[2].position.offset, 2);
}

TEST_F(BatcherTest, batch_goes_when_its_oldest_record_has_waited) {
  Batcher batcher = make();
  add(batcher, 0, 0, milliseconds(10));
  add(batcher, 0, 1, milliseconds(14));
  EXPECT_EQ(batcher.next_due().time_since_epoch(), milliseconds(15));
  batcher.emit_due(std::chrono::steady_clock::time_point(milliseconds(14)));
  EXPECT_TRUE(emitted_.empty());
  batcher.emit_due(std::chrono::steady_clock::time_point(milliseconds(15)));
  ASSERT_EQ(emitted_.size(), 1U);
  EXPECT_EQ(emitted_[0]->batch.records().size(), 2U);
  EXPECT_EQ(batcher.next_due(), std::chrono::steady_clock::time_point::max());
}

TEST_F(BatcherTest, batch_of_few_large_records_is_full) {
  Batcher batcher = make();
  add(batcher, 0, 0, milliseconds(0), 5U << 20U);
  EXPECT_EQ(emitted_.size(), 1U);
}

TEST_F(BatcherTest, reserves_what_it_holds_and_gives_it_back_when_dropped) {
  Batcher batcher = make();
  add(batcher, 0, 0, milliseconds(0));
  EXPECT_GT(limiter_.in_flight_bytes(), 1000U);
  batcher.drop(ShardId(0));
  EXPECT_EQ(limiter_.in_flight_bytes(), 0U);
  batcher.emit_last(ShardId(0));
  ASSERT_EQ(emitted_.size(), 1U);
  EXPECT_TRUE(emitted_[0]->wants_commit);
  EXPECT_TRUE(emitted_[0]->batch.records().empty());
}

TEST(FlowLimiter, grants_while_anything_is_left_and_waits_otherwise) {
  FlowLimiter limiter(100);
  limiter.reserve(1000);  // one record always fits
  EXPECT_FALSE(limiter.wait_for_room(milliseconds(0)));
  std::thread releaser([&] { limiter.release(1000); });
  EXPECT_TRUE(limiter.wait_for_room(std::chrono::minutes(1)));
  releaser.join();
}

}  // namespace
}  // namespace eddy
