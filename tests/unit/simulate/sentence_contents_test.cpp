#include "simulate/sentence_contents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "simulate/record_writer.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class sentence_contents : public testing::Test {
 protected:
  std::vector<float> embedding(const std::string& sentence) {
    const auto values = contents_.embedding(sentence);
    return {values.begin(), values.end()};
  }

  WebContents web_;
  CallContents calls_;
  SentenceContents contents_{web_, calls_};
};

TEST_F(sentence_contents, tags_are_numbered_without_gaps_and_keywords_behind_them) {
  std::uint32_t tags = 0;
  for (std::size_t page = 0; page < web_.mixture().size(); ++page) {
    for (const std::string& tag : web_.tags(page)) tags = std::max(tags, contents_.tag_number(tag));
  }
  const auto& words = calls_.slot_words();
  EXPECT_THAT(contents_.keywords(words.front()), ElementsAre(tags + 1));
  EXPECT_THAT(contents_.keywords(words.back()), ElementsAre(tags + words.size()));
}

TEST_F(sentence_contents, keywords_are_the_words_of_slots_each_once) {
  const std::string first = calls_.slot_words()[3], second = calls_.slot_words()[40];
  const auto numbers = contents_.keywords("We have " + second + ", " + first + " and " + second + ".");
  ASSERT_EQ(numbers.size(), 2U);
  EXPECT_EQ(numbers[0], contents_.keywords(second).at(0));
  EXPECT_EQ(numbers[1], contents_.keywords(first).at(0));
  EXPECT_THAT(contents_.keywords("Of have, and the !"), IsEmpty());
  EXPECT_THAT(contents_.keywords(""), IsEmpty());
}

TEST_F(sentence_contents, an_embedding_is_the_mean_of_its_words) {
  const auto fence = embedding("fence"), garden = embedding("garden"), both = embedding("Garden, fence!");
  ASSERT_EQ(both.size(), 768U);
  EXPECT_NE(fence, garden);
  for (std::size_t i = 0; i < both.size(); ++i) {
    ASSERT_NEAR(both[i], (fence[i] + garden[i]) / 2, 2e-4) << i;
    ASSERT_LE(std::abs(fence[i]), 1.0F);
  }
  EXPECT_EQ(embedding("garden fence"), both);
  EXPECT_THAT(embedding(""), testing::Each(0.0F));
}

TEST(channel_of, actions_go_to_the_web_calls_to_calls_and_all_else_to_purchases) {
  EXPECT_EQ(channel_of(Action{}), InputChannel::kWeb);
  for (const EventBody& body : {EventBody(Utterance{}), EventBody(CallStarted{}), EventBody(CallEnded{})}) {
    EXPECT_EQ(channel_of(body), InputChannel::kCalls);
  }
  for (const EventBody& body :
       {EventBody(Purchase{}), EventBody(Portfolio{}), EventBody(Identify{}), EventBody(Forget{})}) {
    EXPECT_EQ(channel_of(body), InputChannel::kPurchases);
  }
}

}  // namespace
}  // namespace eddy
