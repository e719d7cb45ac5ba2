#include "model/training/examples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/fixed_point.h"
#include "event_makers.h"

namespace eddy {
namespace {

using test::make_action;
using test::make_event;
using test::make_portfolio;
using test::make_purchase;
using test::make_said;
using testing::ElementsAre;

TEST(Examples, an_example_knows_what_came_before_the_purchase_and_nothing_after) {
  const std::vector<Event> events{
      make_action("u", 10, "s", {"a"}),
      make_portfolio("u", 15, {"x", "y"}),
      make_said("u", 20, "c", 0, Speaker::kCustomer, "hello"),
      make_purchase("u", 30, {"y", "x", "y"}),
      make_action("u", 40, "s", {"later"}),
  };
  const ExampleSet set = build_examples(events, {});
  ASSERT_EQ(set.examples.size(), 1U);
  const LearningExample& example = set.examples[0];
  EXPECT_EQ(example.kind, ExampleKind::kBoth);
  EXPECT_THAT(example.bought, ElementsAre(ItemId("x"), ItemId("y")));
  EXPECT_EQ(example.time, EventTime{30});
  ASSERT_EQ(example.facts.sessions.size(), 1U);
  EXPECT_EQ(example.facts.sessions[0].actions.size(), 1U);
  EXPECT_EQ(example.facts.calls.size(), 1U);
  EXPECT_TRUE(example.facts.portfolio.has_value());
  EXPECT_TRUE(example.facts.purchases.empty());
}

TEST(Examples, an_example_knows_earlier_purchases_but_not_its_own) {
  const std::vector<Event> events{
      make_action("u", 10, "s", {"a"}),
      make_purchase("u", 20, {"x"}),
      make_action("u", 30, "t", {"b"}),
      make_purchase("u", 40, {"y"}),
  };
  const ExampleSet set = build_examples(events, {});
  ASSERT_EQ(set.examples.size(), 2U);
  EXPECT_TRUE(set.examples[0].facts.purchases.empty());
  ASSERT_EQ(set.examples[1].facts.purchases.size(), 1U);
  EXPECT_EQ(set.examples[1].facts.purchases[0].time, EventTime{20});
}

TEST(Examples, events_count_in_the_order_of_their_times_however_they_are_given) {
  std::vector<Event> events;
  for (int i = 0; i < 20; ++i) {
    events.push_back(make_action("u", 100 * i, "s" + std::to_string(i), {"t" + std::to_string(i)}));
    events.push_back(make_purchase("u", 100 * i + 50, {"item" + std::to_string(i)}));
  }
  const ExampleSet in_order = build_examples(events, {});
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 generator(seed);
  std::shuffle(events.begin(), events.end(), generator);
  const ExampleSet shuffled = build_examples(events, {});
  ASSERT_EQ(in_order.examples.size(), 20U);
  ASSERT_EQ(shuffled.examples.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(in_order.examples[i].facts, shuffled.examples[i].facts) << i;
    EXPECT_EQ(in_order.examples[i].facts.sessions.size(), std::min<std::size_t>(i + 1, 10)) << i;
  }
}

TEST(Examples, purchases_out_of_nothing_and_repeated_ones_are_counted_and_skipped) {
  const std::vector<Event> events{
      make_purchase("new", 5, {"x"}),
      make_action("u", 10, "s", {"a"}),
      make_purchase("u", 20, {"x"}),
      make_purchase("u", 20, {"x"}),
  };
  const ExampleSet set = build_examples(events, {});
  EXPECT_EQ(set.examples.size(), 1U);
  EXPECT_EQ(set.purchases_without_interaction, 1U);
  EXPECT_EQ(set.purchases_repeated, 1U);
}

TEST(Examples, a_visitor_who_signs_in_brings_the_history_along) {
  const std::vector<Event> events{
      make_action("visitor", 10, "s", {"a"}),
      make_event("u", 20, Identify{UserId("visitor")}),
      make_action("visitor", 30, "t", {"b"}),
      make_purchase("visitor", 40, {"x"}),
  };
  const ExampleSet set = build_examples(events, {});
  ASSERT_EQ(set.examples.size(), 1U);
  EXPECT_EQ(set.examples[0].facts.sessions.size(), 2U);
  EXPECT_EQ(set.examples[0].user, UserId("u"));
}

TEST(Examples, the_split_is_by_order_with_the_validation_part_taken_from_the_rest) {
  const ExampleSplit split = split_examples(1000, 0.1, 0.1);
  EXPECT_EQ(split.test, 100U);
  EXPECT_EQ(split.validation, 90U);
  EXPECT_EQ(split.train, 810U);
  const ExampleSplit none = split_examples(0, 0.1, 0.1);
  EXPECT_EQ(none.train + none.validation + none.test, 0U);
  const ExampleSplit all = split_examples(7, 0, 1);
  EXPECT_EQ(all.test, 7U);
}

TEST(Examples, the_parts_follow_each_other) {
  const std::vector<LearningExample> examples(10);
  const ExampleSpans parts = spans_of(examples, {5, 2, 3});
  EXPECT_EQ(parts.train.data(), examples.data());
  EXPECT_EQ(parts.train.size(), 5U);
  EXPECT_EQ(parts.validation.data(), examples.data() + 5);
  EXPECT_EQ(parts.validation.size(), 2U);
  EXPECT_EQ(parts.test.data(), examples.data() + 7);
  EXPECT_EQ(parts.test.size(), 3U);
}

CallFacts call_of_five() {
  Facts facts;
  const auto say = [&](std::uint32_t seq, Speaker speaker, const std::string& text) {
    fold(make_said("u", 100 + seq, "c", seq, speaker, text), {}, facts);
  };
  say(0, Speaker::kAgent, "hello");
  say(1, Speaker::kCustomer, "one");
  say(2, Speaker::kAgent, "yes");
  say(3, Speaker::kCustomer, "two");
  say(4, Speaker::kAgent, "bye");
  fold(make_event("u", 200, CallEnded{CallId("c")}), {}, facts);
  return facts.calls.at(0);
}

TEST(Cut, keeps_the_agent_up_to_the_customers_turn_and_nothing_behind_it) {
  CallFacts call = call_of_five();
  EXPECT_EQ(customer_turns(call), 2U);
  cut_call(1, call);
  ASSERT_EQ(call.utterances.size(), 2U);
  EXPECT_EQ(call.utterances.back().seq, 1U);
  EXPECT_FALSE(call.ended.has_value());
}

TEST(Cut, at_the_last_turn_drops_the_agents_last_words) {
  CallFacts call = call_of_five();
  cut_call(2, call);
  EXPECT_EQ(call.utterances.size(), 4U);
}

TEST(Cut, leaves_a_call_with_fewer_turns_whole) {
  CallFacts call = call_of_five();
  cut_call(3, call);
  EXPECT_EQ(call, call_of_five());
}

/// Two calls; the first of them also of another user, under the same name.
ExampleSet calls_with_vectors(bool keeps_vectors) {
  const auto said = [](const std::string& user, std::int64_t time, const std::string& call, std::uint32_t seq,
                       float value) {
    Event event = make_said(user, time, call, seq, seq % 2 == 0 ? Speaker::kAgent : Speaker::kCustomer, "");
    std::get<Utterance>(event.body).embedding = {value, 0.5F};
    std::get<Utterance>(event.body).encoder = "e";
    return event;
  };
  ExampleBuilder builder({}, keeps_vectors);
  builder.add(said("u", 1, "first", 1, 64));
  for (std::uint32_t seq = 0; seq < 5; ++seq)
    builder.add(said("u", 10 + seq, "second", seq, static_cast<float>(1U << seq)));
  builder.add(make_purchase("u", 40, {"x"}));
  builder.add(said("v", 50, "first", 1, 128));
  builder.add(make_purchase("v", 60, {"x"}));
  builder.add(make_purchase("u", 70, {"y"}));
  return std::move(builder).take();
}

TEST(Examples, a_cut_call_has_the_sum_of_the_vectors_up_to_the_cut) {
  const ExampleSet set = calls_with_vectors(true);
  const LearningExample& example = set.examples.at(0);
  ASSERT_EQ(example.last_call_vectors.size(), 5U);
  const auto cut = [&](std::size_t turns) {
    CallFacts call = example.facts.calls.back();
    cut_call(turns, call, example.last_call_vectors);
    return call;
  };
  EXPECT_EQ(cut(1).embedding->seqs, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(from_fixed_point(cut(1).embedding->sum[0]), 3);
  EXPECT_EQ(from_fixed_point(cut(2).embedding->sum[0]), 15);
  EXPECT_EQ(from_fixed_point(cut(2).embedding->sum[1]), 2);
  EXPECT_EQ(from_fixed_point(cut(3).embedding->sum[0]), 31);  // there are but two
}

TEST(Examples, vectors_that_do_not_add_up_to_the_calls_sum_are_not_kept) {
  const ExampleSet set = calls_with_vectors(true);
  ASSERT_EQ(set.examples.size(), 3U);
  EXPECT_EQ(set.examples[1].last_call_vectors.size(), 1U);
  EXPECT_EQ(set.examples[2].last_call_vectors.size(), 5U);
  for (const LearningExample& example : calls_with_vectors(false).examples)
    EXPECT_TRUE(example.last_call_vectors.empty());
}

}  // namespace
}  // namespace eddy
