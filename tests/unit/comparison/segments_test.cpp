#include "model/comparison/segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/training/event_makers.h"

namespace eddy {
namespace {

using testing::ElementsAre;

const BuiltInField& field(std::string_view name) {
  for (const BuiltInField& one : built_in_fields())
    if (one.name == name) return one;
  throw std::out_of_range(std::string(name));
}

/// `items`: bought by a user each, after one click; the last `test` of them are the test.
class Purchases {
 public:
  explicit Purchases(const std::vector<std::string>& items, std::size_t test) {
    std::vector<Event> events;
    std::int64_t time = 0;
    for (const std::string& item : items) {
      const std::string user = "u" + std::to_string(time);
      events.push_back(test::make_action(user, ++time, "s", {"t"}));
      events.push_back(test::make_purchase(user, ++time, {item}));
    }
    set_ = build_examples(events, {});
    split_.test = test;
    split_.train = items.size() - test;
  }
  [[nodiscard]] ExampleSpans spans() const { return spans_of(set_.examples, split_); }

 private:
  ExampleSet set_;
  ExampleSplit split_;
};

TEST(Segments, rare_items_have_a_tenth_of_what_is_bought_together) {
  std::vector<std::string> items(18, "much");
  items.insert(items.end(), {"little", "least", "much", "little", "unheard"});
  const Purchases purchases(items, 3);
  // Of 20 items learned from, "least" and "little" are 2, a tenth; "unheard" was never bought.
  const Segmentation by_rarity = segments_by(field("rare-items"), purchases.spans());
  ASSERT_EQ(by_rarity.segments.size(), 2U);
  EXPECT_EQ(by_rarity.segments[0].name, "common items only");
  EXPECT_THAT(by_rarity.segments[0].events, ElementsAre(0U));
  EXPECT_EQ(by_rarity.segments[1].name, "a rare item");
  EXPECT_THAT(by_rarity.segments[1].events, ElementsAre(1U, 2U));
  EXPECT_EQ(by_rarity.segments[1].users, 2U);
}

TEST(Segments, interactions_are_counted) {
  std::vector<Event> events;
  for (int i = 0; i < 4; ++i) events.push_back(test::make_action("a", i, "s" + std::to_string(i), {"t"}));
  events.push_back(test::make_purchase("a", 10, {"x"}));
  events.push_back(test::make_action("b", 11, "s", {"t"}));
  events.push_back(test::make_purchase("b", 12, {"x"}));
  events.push_back(test::make_said("b", 13, "c", 0, Speaker::kCustomer, "hello"));
  events.push_back(test::make_purchase("b", 14, {"x"}));
  const ExampleSet set = build_examples(events, {});
  const Segmentation segments = segments_by(field("interactions"), {{}, {}, set.examples});
  ASSERT_EQ(segments.segments.size(), 3U);
  EXPECT_EQ(segments.segments[0].name, "1 interaction");
  EXPECT_THAT(segments.segments[0].events, ElementsAre(1U));
  EXPECT_EQ(segments.segments[1].name, "2 or 3 interactions");
  EXPECT_EQ(segments.segments[2].name, "4 or more");
}

TEST(Segments, events_whose_channels_say_nothing_are_in_no_segment_of_agreement) {
  SCOPED_TRACE("seed 5");
  const ExampleSet set = build_examples(test::separable_events(300, 4, 5), {});
  const ExampleSplit split = split_examples(set.examples.size(), 0.1, 0.2);
  const ExampleSpans spans = spans_of(set.examples, split);
  const Segmentation segments = segments_by(field("agreement"), spans);
  ASSERT_EQ(segments.segments.size(), 1U);
  EXPECT_EQ(segments.segments[0].name, "channels agree");
  for (const std::uint32_t event : segments.segments[0].events)
    EXPECT_EQ(spans.test[event].kind, ExampleKind::kBoth);
}

TEST(Segments, by_a_field_of_the_user_the_smallest_first) {
  const Purchases purchases({"x", "x", "x", "x"}, 4);
  const std::span<const LearningExample> test = purchases.spans().test;
  const UserField region{{test[0].user, "north"}, {test[1].user, "south"}, {test[2].user, "north"}};
  const Segmentation segments = segments_by("region", region, purchases.spans());
  ASSERT_EQ(segments.segments.size(), 3U);
  EXPECT_EQ(segments.segments[0].name, "south");
  EXPECT_EQ(segments.segments[1].name, "unknown");
  EXPECT_EQ(segments.segments[2].name, "north");
  EXPECT_THAT(segments.segments[2].events, ElementsAre(0U, 2U));
}

}  // namespace
}  // namespace eddy
