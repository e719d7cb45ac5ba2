#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/catalogue.h"
#include "model/features/call_features.h"
#include "model/features/session_features.h"
#include "model/vocabulary.h"
#include "state/profile/words.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

UtteranceFact utterance(std::uint32_t seq, std::vector<std::uint32_t> words,
                        Speaker speaker = Speaker::kCustomer) {
  UtteranceFact said;
  said.seq = seq;
  said.speaker = speaker;
  said.set_words(std::move(words));
  return said;
}

std::uint32_t bucket(std::vector<std::uint32_t> words, std::uint32_t buckets) {
  return static_cast<std::uint32_t>(ngram_hash(words.data(), words.size()) % buckets);
}

TEST(vocabulary, finds_words_by_their_first_place) {
  const Vocabulary vocabulary({"a", "b", "a"});
  EXPECT_EQ(vocabulary.find("a"), 0U);
  EXPECT_EQ(vocabulary.find("b"), 1U);
  EXPECT_EQ(vocabulary.find("c"), std::nullopt);
}

TEST(catalogue, masks_what_the_portfolio_lacks) {
  const Catalogue catalogue(
      std::make_shared<const ScoredModel>(ScoredModel{"m", {ItemId("x"), ItemId("y"), ItemId("z")}}));
  std::vector<float> scores = {0.1F, 0.2F, 0.3F};
  Facts facts;
  catalogue.mask(facts, scores.data());
  EXPECT_THAT(scores, ElementsAre(0.1F, 0.2F, 0.3F));
  facts.portfolio = PortfolioFact{EventTime{1}, {ItemId("a"), ItemId("y")}};
  catalogue.mask(facts, scores.data());
  EXPECT_THAT(scores, ElementsAre(0.0F, 0.2F, 0.0F));
}

TEST(session_features, are_the_union_of_known_tags) {
  const Vocabulary vocabulary({"home", "car", "claim"});
  SessionFacts session;
  session.actions.resize(2);
  session.actions[0].tags.insert("car");
  session.actions[0].tags.insert("unknown");
  session.actions[1].tags.insert("car");
  session.actions[1].tags.insert("home");
  SessionTags tags(vocabulary);
  std::vector<std::uint32_t> indices = {7};
  for (int again = 0; again < 3; ++again) {
    tags.collect(session, indices);
    EXPECT_THAT(indices, ElementsAre(1U, 0U));
  }
  SessionFacts empty;
  tags.collect(empty, indices);
  EXPECT_THAT(indices, IsEmpty());
}

TEST(call_features, are_all_n_grams_inside_an_utterance) {
  constexpr std::uint32_t kBuckets = 1U << 16U;
  const std::vector<std::uint32_t> words = {3, 5, 8};
  std::vector<std::uint32_t> found;
  append_ngram_buckets(words, 2, kBuckets, found);
  EXPECT_THAT(found, ElementsAre(bucket({3}, kBuckets), bucket({3, 5}, kBuckets), bucket({5}, kBuckets),
                                 bucket({5, 8}, kBuckets), bucket({8}, kBuckets)));
}

TEST(call_features, skip_dropped_buckets_and_count_every_occurrence) {
  constexpr std::uint32_t kBuckets = 1U << 16U;
  std::vector<std::uint32_t> kept = {bucket({3}, kBuckets), bucket({5}, kBuckets)};
  std::sort(kept.begin(), kept.end());
  const CallTerms terms(kept, kBuckets, 2, false);
  const auto row = [&](std::uint32_t word) { return bucket({word}, kBuckets) == kept[0] ? 0U : 1U; };
  std::vector<std::uint32_t> rows;
  terms.append_rows(utterance(1, {3, 9, 5, 3}), rows);
  EXPECT_THAT(rows, ElementsAre(row(3), row(5), row(3)));
}

TEST(call_features, of_several_utterances_are_those_of_each_in_turn) {
  for (const std::uint32_t buckets : {64U, 61U}) {
    std::vector<std::uint32_t> kept;
    for (std::uint32_t bucket = 0; bucket < buckets; bucket += 3) kept.push_back(bucket);
    const CallTerms terms(kept, buckets, 2, true);
    std::vector<UtteranceFact> said = {utterance(1, {}), utterance(2, {1, 2, 3, 4, 5, 6, 7}),
                                       utterance(3, {8, 9}, Speaker::kAgent), utterance(4, {3, 2, 1})};
    std::vector<std::uint32_t> expected = {7};
    for (std::size_t i : {1U, 3U}) {
      for (std::size_t first = 0; first < said[i].words.size(); ++first) {
        for (std::size_t n = 1; n <= 2 && first + n <= said[i].words.size(); ++n) {
          const auto found = static_cast<std::uint32_t>(ngram_hash(&said[i].words[first], n) % buckets);
          if (found % 3 == 0) expected.push_back(found / 3);
        }
      }
    }
    ASSERT_GT(expected.size(), 3U);
    const std::vector<const UtteranceFact*> together = {&said[0], &said[1], &said[2], &said[3]};
    std::vector<std::uint32_t> rows = {7};
    terms.append_rows(together, rows);
    EXPECT_EQ(rows, expected) << buckets << " buckets";
    rows = {7};
    for (const UtteranceFact& each : said) terms.append_rows(each, rows);
    EXPECT_EQ(rows, expected) << buckets << " buckets, one by one";
  }
}

TEST(call_features, hear_only_the_winner_of_a_sequence_number) {
  const CallTerms terms(std::vector<std::uint32_t>{0}, 1, 1, false);
  CallFacts call;
  call.utterances = {utterance(1, {1, 2}), utterance(1, {1, 2, 3}), utterance(4, {7})};
  call.utterances[1].is_final = false;
  std::vector<std::uint32_t> rows;
  terms.append_rows(call, rows);
  EXPECT_EQ(rows.size(), 3U);
}

TEST(call_features, leave_the_agent_out_if_asked) {
  const CallTerms both(std::vector<std::uint32_t>{0}, 1, 1, false);
  const CallTerms customer(std::vector<std::uint32_t>{0}, 1, 1, true);
  CallFacts call;
  call.utterances = {utterance(1, {1, 2}, Speaker::kAgent), utterance(2, {7})};
  std::vector<std::uint32_t> rows;
  both.append_rows(call, rows);
  EXPECT_EQ(rows.size(), 3U);
  rows.clear();
  customer.append_rows(call, rows);
  EXPECT_EQ(rows.size(), 1U);
}

}  // namespace
}  // namespace eddy
