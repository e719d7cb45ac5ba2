#include "model/training/anchors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "event_makers.h"

namespace eddy {
namespace {

EncodedExamples encoded(const std::vector<Event>& events) {
  const ExampleSet set = build_examples(events, {});
  return encode_examples(set.examples, choose_features(set.examples, {}));
}

bool has_one_of_each(const EncodedExamples& examples, std::uint32_t index) {
  const auto& range = examples.examples[index].interactions;
  std::size_t calls = 0;
  for (std::uint64_t i = range.begin; i < range.end; ++i) calls += examples.interactions[i].is_call ? 1 : 0;
  return range.size() == 2 && calls == 1;
}

TEST(anchors, have_exactly_one_session_and_one_call_and_are_chosen_once) {
  const EncodedExamples examples = encoded(test::separable_events(300, 5, 3));
  const auto anchors = choose_anchors(examples, 40, 1);
  EXPECT_EQ(anchors.size(), 40U);
  EXPECT_EQ(std::set<std::uint32_t>(anchors.begin(), anchors.end()).size(), anchors.size());
  for (const std::uint32_t anchor : anchors) EXPECT_TRUE(has_one_of_each(examples, anchor));
  EXPECT_EQ(choose_anchors(examples, 40, 1), anchors);
  EXPECT_NE(choose_anchors(examples, 40, 2), anchors);
}

TEST(anchors, are_all_that_there_are_when_more_are_asked_for) {
  const EncodedExamples examples = encoded(test::separable_events(60, 5, 3));
  std::size_t candidates = 0;
  for (std::uint32_t i = 0; i < examples.examples.size(); ++i)
    candidates += has_one_of_each(examples, i) ? 1 : 0;
  EXPECT_EQ(choose_anchors(examples, 1000, 1).size(), candidates);
  EXPECT_GT(candidates, 0U);
}

TEST(anchors, follow_the_popularity_of_the_items) {
  std::vector<Event> events;
  std::int64_t time = 0;
  const auto add_user = [&](int number, const std::string& item, bool clicks) {
    const std::string user = "u" + std::to_string(number);
    if (clicks) events.push_back(test::make_action(user, ++time, "s", {"t"}));
    events.push_back(test::make_said(user, ++time, "c", 0, Speaker::kCustomer, "word"));
    events.push_back(test::make_purchase(user, ++time, {item}));
  };
  for (int i = 0; i < 50; ++i) add_user(i, "rare", true);        // as many candidates …
  for (int i = 50; i < 100; ++i) add_user(i, "frequent", true);  // … of each item,
  for (int i = 100; i < 500; ++i) add_user(i, "frequent", false);
  const EncodedExamples examples = encoded(events);
  std::size_t frequent = 0;
  const auto anchors = choose_anchors(examples, 40, 5);
  for (const std::uint32_t anchor : anchors) {
    const auto& bought = examples.examples[anchor].bought;
    frequent += examples.labels[bought.begin] == 0 ? 1 : 0;  // items are in alphabetical order
  }
  EXPECT_GT(frequent, 28U) << "of 40, nine in ten purchases are of it";
}

TEST(single_interactions, are_examples_of_one_channel) {
  const EncodedExamples examples = encoded(test::separable_events(50, 5, 3));
  std::size_t calls = 0;
  for (const auto& interaction : examples.interactions) calls += interaction.is_call ? 1 : 0;
  const EncodedExamples singles = single_interactions(examples, Channel::kCall);
  EXPECT_EQ(singles.examples.size(), calls);
  for (const auto& example : singles.examples) {
    ASSERT_EQ(example.interactions.size(), 1U);
    EXPECT_TRUE(singles.interactions[example.interactions.begin].is_call);
    EXPECT_EQ(example.kind, ExampleKind::kCallsOnly);
  }
}

}  // namespace
}  // namespace eddy
