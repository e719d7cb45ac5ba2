#include "operators/encode/encode_operator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fakes/shard_in_memory.h"
#include "fakes/small_text_encoder.h"
#include "operators/decode/decode_operator.h"
#include "operators/fold/fold_operator.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string said(int seq, const std::string& text, const std::string& more = "") {
  return R"({"type":"utterance","user":"u","call":"c","speaker":"customer","seq":)" + std::to_string(seq) +
         R"(,"time":)" + std::to_string(1000 + seq) + R"(,"text":")" + text + "\"" + more + "}";
}

class EncodeOperatorTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(small_text_encoder(), nullptr);
    ASSERT_TRUE(shard_.append(make_operator(*make_decode_factory(), {})));
    ASSERT_TRUE(shard_.append(make_encode_operator(small_text_encoder())));
    ASSERT_TRUE(shard_.append(make_operator(*make_fold_factory(), {})));
  }

  Batch run(const std::vector<std::string>& events) {
    Batch batch = shard_.batch(events);
    const auto result = shard_.run(batch);
    EXPECT_TRUE(result) << result.error().message;
    return batch;
  }
  [[nodiscard]] const CallFacts& call() { return shard_.profile("u").facts.calls.at(0); }

  ShardInMemory shard_;
};

TEST_F(EncodeOperatorTest, facts_sum_up_the_vectors_of_what_was_said) {
  run({said(0, "a word"), said(1, "another")});
  ASSERT_TRUE(call().embedding);
  EXPECT_EQ(call().embedding->encoder, small_text_encoder()->name());
  EXPECT_THAT(call().embedding->seqs, ElementsAre(0, 1));
  const auto together = call().embedding->sum;

  shard_.profile("u").facts = Facts{};
  run({said(1, "another")});
  run({said(0, "a word")});
  EXPECT_EQ(call().embedding->sum, together);
}

TEST_F(EncodeOperatorTest, a_partial_waits_for_its_final) {
  run({said(0, "a wo", R"(,"final":false)")});
  EXPECT_FALSE(call().embedding);
  run({said(0, "a word, you", R"(,"final":false)"), said(0, "a word")});
  const auto at_last = call().embedding->sum;
  run({said(0, "a word, you", R"(,"final":false)"), said(0, "a word")});  // all of it again
  EXPECT_EQ(call().embedding->sum, at_last);
  EXPECT_THAT(call().embedding->seqs, ElementsAre(0));
}

TEST_F(EncodeOperatorTest, an_utterance_without_text_keeps_the_vector_that_it_carries) {
  run({R"({"type":"utterance","user":"u","call":"c","speaker":"customer","seq":0,"time":1,"text":"","embedding":[1,2],"encoder":"theirs"})"});
  ASSERT_TRUE(call().embedding);
  EXPECT_EQ(call().embedding->encoder, "theirs");
}

TEST_F(EncodeOperatorTest, a_final_that_contradicts_a_final_is_put_aside) {
  run({said(0, "a word")});
  const auto before = call();
  const Batch batch = run({said(0, "other words")});
  ASSERT_EQ(batch.dead_letters.size(), 1U);
  EXPECT_THAT(batch.dead_letters[0].reason, HasSubstr("another embedding"));
  EXPECT_EQ(call(), before);
}

}  // namespace
}  // namespace eddy
