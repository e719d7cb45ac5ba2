#include "operators/fold/fold_operator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fakes/shard_in_memory.h"
#include "operators/decode/decode_operator.h"

namespace eddy {
namespace {

using testing::HasSubstr;

std::string action(const std::string& user, int time, const std::string& tag) {
  return R"({"type":"action","user":")" + user + R"(","session":"s-)" + user + R"(","time":)" +
         std::to_string(time) + R"(,"tags":[")" + tag + "\"]}";
}

std::string identify(const std::string& user, int time, const std::string& visitor) {
  return R"({"type":"identify","user":")" + user + R"(","time":)" + std::to_string(time) + R"(,"visitor":")" +
         visitor + "\"}";
}

std::string forget(const std::string& user, int time) {
  return R"({"type":"forget","user":")" + user + R"(","time":)" + std::to_string(time) + "}";
}

/// Decodes and folds.
struct FoldingShard : ShardInMemory {
  FoldingShard() {
    EXPECT_TRUE(append(make_operator(*make_decode_factory(), {})));
    EXPECT_TRUE(append(make_operator(*make_fold_factory(), {})));
  }
};

class FoldOperatorTest : public testing::Test {
 protected:
  Batch run(const std::vector<std::string>& events) {
    Batch batch = shard_.batch(events);
    const auto result = shard_.run(batch);
    EXPECT_TRUE(result) << result.error().message;
    return batch;
  }

  FoldingShard shard_;
};

TEST_F(FoldOperatorTest, an_event_changes_facts_once_and_a_duplicate_never) {
  const Batch batch = run({action("u", 1, "a"), action("u", 1, "a"), action("v", 2, "b")});
  EXPECT_TRUE(batch.items[0].facts_changed);
  EXPECT_FALSE(batch.items[1].facts_changed);
  EXPECT_TRUE(batch.items[2].facts_changed);
  EXPECT_EQ(shard_.profile("u").facts.sessions.size(), 1U);
  EXPECT_EQ(shard_.profiles().take_unit({}).profiles.size(), 2U);
}

TEST_F(FoldOperatorTest, a_second_embedding_of_an_utterance_is_refused) {
  const auto said = [](int time, const std::string& number) {
    return R"({"type":"utterance","user":"u","call":"c","seq":1,"speaker":"agent","text":"","embedding":[)" +
           number + R"(],"time":)" + std::to_string(time) + "}";
  };
  const Batch batch = run({said(1, "0.5"), said(2, "0.25")});
  ASSERT_EQ(batch.dead_letters.size(), 1U);
  EXPECT_EQ(batch.dead_letters[0].position.offset, 1);
  EXPECT_THAT(batch.dead_letters[0].reason, HasSubstr("'embedding'"));
}

TEST_F(FoldOperatorTest, identified_visitor_becomes_the_user) {
  run({action("v", 1, "a"), action("u", 2, "b"), identify("u", 3, "v")});
  EXPECT_EQ(shard_.profile("u").facts.sessions.size(), 2U);
  EXPECT_TRUE(shard_.profile("v").facts.sessions.empty());
  ASSERT_TRUE(shard_.profile("v").facts.identified_as);
  EXPECT_EQ(shard_.profile("v").facts.identified_as->user, UserId("u"));
  const Batch later = run({action("v", 4, "c")});
  EXPECT_EQ(later.items[0].event.user, UserId("u"));
  EXPECT_TRUE(shard_.profile("v").facts.sessions.empty());
  EXPECT_EQ(shard_.profile("u").facts.sessions.front().actions.size() +
                shard_.profile("u").facts.sessions.back().actions.size(),
            3U);
}

TEST_F(FoldOperatorTest, redirects_are_followed_and_cannot_form_a_ring) {
  run({action("a", 1, "x"), identify("b", 2, "a"), identify("c", 3, "b")});
  run({identify("a", 4, "c"), identify("b", 5, "c"), action("a", 6, "y")});
  EXPECT_TRUE(shard_.profile("a").facts.sessions.empty());
  EXPECT_TRUE(shard_.profile("b").facts.sessions.empty());
  ASSERT_EQ(shard_.profile("c").facts.sessions.size(), 1U);
  EXPECT_EQ(shard_.profile("c").facts.sessions[0].actions.size(), 2U);
}

TEST_F(FoldOperatorTest, order_of_events_and_identify_does_not_matter) {
  std::vector<std::string> events = {action("v", 1, "a"), action("u", 2, "b"), identify("u", 3, "v"),
                                     action("v", 4, "c"), action("u", 5, "d")};
  run(events);
  const Facts expected_user = shard_.profile("u").facts;
  const Facts expected_visitor = shard_.profile("v").facts;
  std::sort(events.begin(), events.end());
  int orders = 0;
  do {
    FoldingShard fresh;
    ++orders;
    Batch batch = fresh.batch(events);
    ASSERT_TRUE(fresh.run(batch));
    ASSERT_EQ(fresh.profile("u").facts, expected_user);
    ASSERT_EQ(fresh.profile("v").facts, expected_visitor);
  } while (std::next_permutation(events.begin(), events.end()));
  EXPECT_EQ(orders, 120);
}

TEST_F(FoldOperatorTest, forgetting_a_visitor_forgets_the_user_and_the_redirect) {
  run({action("v", 1, "a"), identify("u", 2, "v"), action("u", 3, "b")});
  shard_.profile("u").last_output = std::make_unique<LastOutput>();
  run({forget("v", 4)});
  EXPECT_TRUE(shard_.profile("u").facts.sessions.empty());
  EXPECT_FALSE(shard_.profile("u").last_output);
  EXPECT_FALSE(shard_.profile("v").facts.identified_as);
  run({action("v", 5, "c"), action("u", 3, "b"), identify("u", 2, "v")});
  EXPECT_TRUE(shard_.profile("u").facts.sessions.empty());
  EXPECT_EQ(shard_.profile("v").facts.sessions.size(), 1U);
}

TEST_F(FoldOperatorTest, identify_from_before_a_visitors_forget_forgets_at_the_user_too) {
  run({action("v", 1, "a"), action("u", 3, "b"), forget("v", 4), identify("u", 2, "v")});
  EXPECT_FALSE(shard_.profile("v").facts.identified_as);
  EXPECT_EQ(shard_.profile("u").facts.forgotten_before, EventTime{4});
}

}  // namespace
}  // namespace eddy
