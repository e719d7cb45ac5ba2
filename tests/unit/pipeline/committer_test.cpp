#include "pipeline/committer.h"

#include <gtest/gtest.h>

#include <mutex>

#include "fakes/memory_sink.h"
#include "pipeline/sink_delivery.h"
#include "state/store/memory_profile_store.h"

namespace eddy {
namespace {

class CommitterTest : public testing::Test {
 protected:
  Committer::Callbacks callbacks() {
    Committer::Callbacks callbacks;
    callbacks.done = [this](Envelope& envelope) {
      done_.push_back(&envelope);
      if (envelope.is_committed) ++committed_;
    };
    callbacks.applied = [this](const UnitOfCommit&) { ++applied_; };
    callbacks.failed = [this](const Error& error) { failures_.push_back(error.message); };
    callbacks.committed_in = [](std::chrono::nanoseconds) {};
    return callbacks;
  }
  static void fill(Envelope& envelope, const std::string& text, bool with_unit) {
    envelope.batch.outputs.push_back({"out", "k", text, 0});
    if (with_unit) envelope.unit = UnitOfCommit{{}, {{{"t", 0}, 7}}};
  }

  std::shared_ptr<MemorySink> sink_ = std::make_shared<MemorySink>();
  SinkSet sinks_{{{"out", sink_}}};
  SinkDelivery delivery_{ShardId(0), sinks_};
  MemoryProfileStore store_;
  std::vector<Envelope*> done_;
  int applied_ = 0, committed_ = 0;
  std::vector<std::string> failures_;
};

TEST_F(CommitterTest, envelopes_come_back_with_the_commit_that_holds_them) {
  Envelope first(ShardId(0)), second(ShardId(0)), third(ShardId(0));
  fill(first, "1", false);
  fill(second, "2", true);
  fill(third, "3", false);
  {
    Committer committer(ShardId(0), delivery_, store_, callbacks());
    for (Envelope* envelope : {&first, &second, &third}) committer.put(*envelope);
    committer.wait();
    EXPECT_EQ(done_, (std::vector<Envelope*>{&first, &second}));
    EXPECT_EQ(applied_, 1);
    EXPECT_EQ((*store_.positions())[std::pair("t", 0)], 7);
  }
  EXPECT_EQ(done_.size(), 3U) << "what was never committed comes back at the end";
  EXPECT_EQ(committed_, 2);
  EXPECT_EQ(sink_->written().size(), 3U);
}

TEST_F(CommitterTest, nothing_is_committed_before_the_sink_has_acknowledged) {
  sink_->hold_up();
  Envelope envelope(ShardId(0));
  fill(envelope, "1", true);
  Committer committer(ShardId(0), delivery_, store_, callbacks());
  committer.put(envelope);
  EXPECT_TRUE(store_.positions()->empty());
  sink_->let_go();
  committer.wait();
  EXPECT_EQ(store_.positions()->size(), 1U);
}

TEST_F(CommitterTest, after_an_error_nothing_is_written_and_all_comes_back) {
  sink_->fail();
  Envelope first(ShardId(0)), second(ShardId(0));
  fill(first, "1", true);
  fill(second, "2", true);
  Committer committer(ShardId(0), delivery_, store_, callbacks());
  committer.put(first);
  committer.put(second);
  committer.wait();
  ASSERT_EQ(failures_.size(), 1U);
  EXPECT_NE(failures_[0].find("full"), std::string::npos);
  EXPECT_TRUE(store_.positions()->empty());
  EXPECT_EQ(done_.size(), 2U);
  EXPECT_EQ(applied_, 0);
  EXPECT_EQ(committed_, 0);
}

TEST_F(CommitterTest, output_for_a_sink_that_is_not_there_is_an_error) {
  Envelope envelope(ShardId(0));
  envelope.batch.outputs.push_back({"elsewhere", "k", "v", 0});
  Committer committer(ShardId(0), delivery_, store_, callbacks());
  committer.put(envelope);
  committer.wait();
  ASSERT_EQ(failures_.size(), 1U);
  EXPECT_NE(failures_[0].find("elsewhere"), std::string::npos);
}

}  // namespace
}  // namespace eddy
