#include "state/profile/fold.h"

#include <gtest/gtest.h>

#include "state/profile/interactions.h"
#include "unit/state/fact_events.h"

namespace eddy {
namespace {

Facts folded(const std::vector<Event>& events, const FoldOptions& options = {}) {
  Facts facts;
  for (const Event& event : events) fold(event, options, facts);
  return facts;
}

TEST(Fold, session_is_the_union_of_its_actions) {
  const Facts facts =
      folded({action(0, "s", {"car", "quote"}), action(5, "s", {"car", "price"}), action(5, "s", {"faq"})});
  ASSERT_EQ(facts.sessions.size(), 1U);
  ASSERT_EQ(facts.sessions[0].actions.size(), 2U);
  EXPECT_TRUE(facts.sessions[0].actions[1].tags.contains("faq"));
  EXPECT_EQ(facts.sessions[0].actions[1].tags.size(), 3U);
}

TEST(Fold, duplicate_changes_nothing) {
  FoldOptions options;
  Facts facts;
  for (const Event& event :
       {action(0, "s", {"a"}), action(0, "", {"a"}), said(1, "c", 1, "hello"), bought(2, "p", {"car"}),
        bought(3, "", {"home"}), event_at(4, Portfolio{{ItemId("car")}}),
        event_at(0, CallStarted{CallId("c")}), event_at(5, CallEnded{CallId("c")})}) {
    EXPECT_EQ(fold(event, options, facts), FoldOutcome::kChanged) << type_name(event.body);
    const Facts before = facts;
    EXPECT_EQ(fold(event, options, facts), FoldOutcome::kUnchanged) << type_name(event.body);
    EXPECT_EQ(facts, before) << type_name(event.body);
  }
}

TEST(Fold, inactivity_separates_sessions_without_an_id) {
  EXPECT_EQ(folded({action(0, "", {"a"}), action(30, "", {"b"})}).sessions.size(), 1U);
  EXPECT_EQ(folded({action(0, "", {"a"}), action(30.001, "", {"b"})}).sessions.size(), 2U);
}

TEST(Fold, late_event_joins_two_sessions) {
  const Facts facts = folded({action(0, "", {"a"}), action(50, "", {"b"}), action(25, "", {"c"})});
  ASSERT_EQ(facts.sessions.size(), 1U);
  EXPECT_EQ(facts.sessions[0].actions.size(), 3U);
  EXPECT_EQ(facts, folded({action(25, "", {"c"}), action(50, "", {"b"}), action(0, "", {"a"})}));
}

TEST(Fold, final_utterance_replaces_a_partial_and_not_the_other_way_round) {
  const Event partial = said(1, "c", 4, "I would like to insure my", false);
  const Event final_one = said(1.1, "c", 4, "I would like to insure my boat");
  const Event late_partial = said(0.9, "c", 4, "I would", false);
  const Facts facts = folded({partial, final_one, late_partial});
  ASSERT_EQ(facts.calls.size(), 1U);
  ASSERT_EQ(facts.calls[0].utterances.size(), 1U);
  EXPECT_EQ(facts.calls[0].utterances[0].words.size(), 7U);
  EXPECT_EQ(facts, folded({late_partial, final_one, partial}));
}

TEST(Fold, corrected_transcript_of_a_later_time_wins) {
  const Facts facts = folded(
      {said(2, "c", 1, "cat insurance"), said(3, "c", 1, "car insurance please"), said(1, "c", 1, "x")});
  ASSERT_EQ(facts.calls[0].utterances.size(), 1U);
  EXPECT_EQ(facts.calls[0].utterances[0].words.size(), 3U);
}

TEST(Fold, partial_later_than_its_final_is_kept_behind_it) {
  const Facts facts = folded({said(1, "c", 1, "final words"), said(2, "c", 1, "late partial", false)});
  ASSERT_EQ(facts.calls[0].utterances.size(), 2U);
  EXPECT_FALSE(facts.calls[0].is_shadowed(0));
  EXPECT_TRUE(facts.calls[0].is_shadowed(1));
}

TEST(Fold, keeps_the_latest_interactions_by_first_event) {
  FoldOptions options;
  options.max_interactions = 3;
  Facts facts = folded(
      {action(0, "s0", {"a"}), said(10, "c1", 1, "hi"), action(20, "s2", {"b"}), action(30, "s3", {"c"})},
      options);
  std::vector<Interaction> interactions;
  list_interactions(facts, interactions);
  ASSERT_EQ(interactions.size(), 3U);
  EXPECT_EQ(interactions[0].call->id.value(), "c1");
  EXPECT_EQ(interactions[2].session->id.value(), "s3");
  EXPECT_EQ(fold(action(5, "s-old", {"z"}), options, facts), FoldOutcome::kUnchanged);
}

TEST(Fold, each_change_renews_the_revision_of_its_interaction_alone) {
  FoldOptions options;
  Facts facts = folded({action(0, "s", {"a"}), said(1, "c", 1, "hi")});
  const auto session = facts.sessions[0].revision;
  const auto call = facts.calls[0].revision;
  EXPECT_NE(session, call);
  fold(said(2, "c", 2, "there"), options, facts);
  EXPECT_EQ(facts.sessions[0].revision, session);
  EXPECT_GT(facts.calls[0].revision, call);
}

TEST(Fold, embeddings_are_summed_once_per_sequence_number) {
  FoldOptions options;
  Facts facts;
  const auto with_embedding = [](std::uint32_t seq, std::vector<float> embedding, std::string text) {
    Utterance utterance;
    utterance.call = CallId("c");
    utterance.seq = seq;
    utterance.text = std::move(text);
    utterance.embedding = std::move(embedding);
    return event_at(seq, utterance);
  };
  EXPECT_EQ(fold(with_embedding(1, {0.5F, 1.F}, "a"), options, facts), FoldOutcome::kChanged);
  EXPECT_EQ(fold(with_embedding(2, {0.25F, -1.F}, "b"), options, facts), FoldOutcome::kChanged);
  EXPECT_EQ(fold(with_embedding(2, {0.25F, -1.F}, "b"), options, facts), FoldOutcome::kUnchanged);
  EXPECT_EQ(fold(with_embedding(2, {9.F, 9.F}, "another"), options, facts), FoldOutcome::kConflict);
  EXPECT_EQ(fold(with_embedding(3, {1.F}, "shorter"), options, facts), FoldOutcome::kConflict);
  ASSERT_TRUE(facts.calls[0].embedding);
  EXPECT_EQ(facts.calls[0].embedding->sum[0], 3 * (1 << 22));
  EXPECT_EQ(facts.calls[0].embedding->sum[1], 0);
  EXPECT_EQ(facts.calls[0].embedding->seqs.size(), 2U);
}

TEST(Fold, bounds_actions_utterances_words_and_purchases) {
  FoldOptions options;
  options.max_actions_per_session = 3;
  options.max_utterances_per_call = 3;
  options.max_words_per_utterance = 2;
  options.max_purchases = 2;
  Facts facts;
  for (std::uint32_t i = 0; i < 9; ++i) {
    fold(action(i, "s", {"t"}), options, facts);
    fold(said(i, "c", i, "one two three"), options, facts);
    fold(bought(i, "p" + std::to_string(i), {"car"}), options, facts);
  }
  EXPECT_EQ(facts.sessions[0].actions.size(), 3U);
  EXPECT_EQ(facts.sessions[0].first_time(), minute(6));
  EXPECT_EQ(facts.calls[0].utterances.size(), 3U);
  EXPECT_EQ(facts.calls[0].utterances[0].seq, 6U);
  EXPECT_EQ(facts.calls[0].utterances[0].words.size(), 2U);
  EXPECT_EQ(facts.purchases.size(), 2U);
}

}  // namespace
}  // namespace eddy
