#include "model/comparison/channel_guess.h"

#include <gtest/gtest.h>

#include "unit/training/event_makers.h"

namespace eddy {
namespace {

Facts facts_of(const std::vector<Event>& events) {
  Facts facts;
  for (const Event& event : events) fold(event, {}, facts);
  return facts;
}

TEST(FeatureGuess, takes_the_likelier_item_among_those_that_may_be_sold) {
  FeatureGuess guess;
  const std::vector<std::uint64_t> f{1}, g{2}, both{1, 2}, unknown{9};
  const std::vector<ItemId> a{ItemId("a")}, b{ItemId("b")};
  for (int i = 0; i < 300; ++i) guess.learn(f, a);
  for (int i = 0; i < 100; ++i) guess.learn(g, b);
  EXPECT_EQ(guess.guess(f, nullptr), ItemId("a"));
  EXPECT_EQ(guess.guess(g, nullptr), ItemId("b"));
  // a: ln 300 + ln (375/400) + ln (25/400) = 2.87; b: ln 100 + ln (75/200) + ln (125/200) = 3.15.
  EXPECT_EQ(guess.guess(both, nullptr), ItemId("b"));
  PortfolioFact portfolio;
  portfolio.items = b;
  EXPECT_EQ(guess.guess(f, &portfolio), ItemId("b"));
  EXPECT_FALSE(guess.guess(unknown, nullptr));
  portfolio.items = {};
  EXPECT_FALSE(guess.guess(f, &portfolio));
}

TEST(FeatureGuess, does_not_take_what_was_never_seen_with_a_rare_item_for_a_sign_of_it) {
  FeatureGuess guess;
  const std::vector<ItemId> often{ItemId("often")}, once{ItemId("once")};
  const std::vector<std::uint64_t> nothing;
  std::vector<std::uint64_t> rarely_seen;
  for (std::uint64_t feature = 0; feature < 50; ++feature) {
    rarely_seen.push_back(feature);
    for (int i = 0; i < 4; ++i) guess.learn(std::span(&feature, 1), often);
  }
  guess.learn(nothing, once);
  EXPECT_EQ(guess.guess(rarely_seen, nullptr), ItemId("often"));
}

TEST(ChannelGuess, tells_whether_clicks_and_words_lead_to_different_items) {
  SCOPED_TRACE("seed 3");
  const ExampleSet set = build_examples(test::separable_events(300, 4, 3), {});
  const ChannelGuess guess(set.examples);
  const auto click = test::make_action("u", 10, "s", {"tag1"});
  const auto agreeing = test::make_said("u", 20, "c", 0, Speaker::kCustomer, "i would like word1");
  const auto conflicting = test::make_said("u", 20, "c", 0, Speaker::kCustomer, "i would like word2");
  EXPECT_EQ(guess.disagree(facts_of({click, agreeing})), std::optional(false));
  EXPECT_EQ(guess.disagree(facts_of({click, conflicting})), std::optional(true));
  EXPECT_FALSE(guess.disagree(facts_of({click})));
  EXPECT_FALSE(
      guess.disagree(facts_of({click, test::make_said("u", 20, "c", 0, Speaker::kCustomer, "zzz")})));
}

}  // namespace
}  // namespace eddy
