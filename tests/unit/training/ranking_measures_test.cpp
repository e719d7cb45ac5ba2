#include "model/evaluation/ranking_measures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event_makers.h"
#include "model/evaluation/evaluation.h"

namespace eddy {
namespace {

using testing::ElementsAre;

TEST(TopItems, ranks_by_score_then_by_index_and_leaves_out_what_may_not_be_sold) {
  const std::vector<float> scores{0.5F, 0.9F, 0.5F, 0.0F, 0.7F, 0.1F, 0.2F};
  const std::vector<float> eligible{1, 0, 1, 1, 1, 1, 1};
  EXPECT_THAT(top_items(scores, eligible), ElementsAre(4U, 0U, 2U, 6U, 5U));
}

TEST(HitMask, holds_the_places_of_bought_items) {
  const std::vector<std::uint32_t> ranked{5, 2, 9, 7, 1}, bought{2, 7, 11};
  const HitMask hits = hits_of(ranked, bought);
  EXPECT_EQ(hits, 0b01010);
  EXPECT_EQ(hit_rate_at(1, hits), 0);
  EXPECT_EQ(hit_rate_at(2, hits), 1);
  EXPECT_DOUBLE_EQ(average_precision_at(2, hits, 3), 0.25);
  EXPECT_DOUBLE_EQ(average_precision_at(5, hits, 3), (0.5 + 0.5) / 3);
  EXPECT_DOUBLE_EQ(average_precision_at(5, hits, 0), 0);
  EXPECT_EQ(hits_of({}, bought), 0);
}

TEST(RankingSums, agree_with_values_computed_by_hand) {
  // Bought 2 and 7 of the ranking 5 2 9 7 1: AP@2 = (1/2)/2, AP@4 = (1/2 + 2/4)/2.
  RankingSums sums;
  const std::vector<std::uint32_t> ranked{5, 2, 9, 7, 1}, bought{2, 7};
  sums.add(ranked, bought, 2);
  const RankingMeasures one = sums.mean();
  EXPECT_THAT(one.hit_rate, ElementsAre(0.0, 1.0, 1.0, 1.0, 1.0));
  EXPECT_THAT(one.mean_average_precision, ElementsAre(0.0, 0.25, 0.25, 0.5, 0.5));

  // A second example whose one item is first; a bought item that the model does not know counts as missed.
  const std::vector<std::uint32_t> first{5};
  sums.add(ranked, first, 2);
  const RankingMeasures two = sums.mean();
  EXPECT_EQ(two.examples, 2U);
  EXPECT_THAT(two.hit_rate, ElementsAre(0.5, 1.0, 1.0, 1.0, 1.0));
  EXPECT_DOUBLE_EQ(two.mean_average_precision[0], 0.5);
  EXPECT_DOUBLE_EQ(two.mean_average_precision[1], (0.25 + 0.5) / 2);
}

TEST(RankingSums, a_short_ranking_counts_what_it_has) {
  RankingSums sums;
  const std::vector<std::uint32_t> ranked{3}, bought{3};
  sums.add(ranked, bought, 1);
  EXPECT_THAT(sums.mean().mean_average_precision, ElementsAre(1.0, 1.0, 1.0, 1.0, 1.0));
}

TEST(CallCut, a_share_is_rounded_up_to_whole_turns) {
  Facts facts;
  for (std::uint32_t seq = 0; seq < 5; ++seq)
    fold(test::make_said("u", 100 + seq, "c", seq, Speaker::kCustomer, "word"), {}, facts);
  const auto length_at = [&](double share) {
    Facts copy = facts;
    CallCut{CallCut::Kind::kCallShare, share}.apply(copy);
    return copy.calls[0].utterances.size();
  };
  EXPECT_EQ(length_at(0.01), 1U);
  EXPECT_EQ(length_at(0.2), 1U);
  EXPECT_EQ(length_at(0.25), 2U);
  EXPECT_EQ(length_at(0.6), 3U);
  EXPECT_EQ(length_at(1.0), 5U);
}

TEST(Evaluation, tells_the_kinds_apart_and_popular_obeys_the_portfolio) {
  const std::vector<Event> events{
      test::make_action("a", 1, "s", {"t"}),
      test::make_purchase("a", 2, {"x"}),
      test::make_action("b", 3, "s", {"t"}),
      test::make_purchase("b", 4, {"x"}),
      test::make_said("c", 5, "c", 0, Speaker::kCustomer, "hello"),
      test::make_portfolio("c", 6, {"y"}),
      test::make_purchase("c", 7, {"y"}),
  };
  const ExampleSet set = build_examples(events, {});
  ScoredModel items{"popular", {ItemId("x"), ItemId("y")}};
  const std::vector<float> shares = item_shares(items, set.examples);
  EXPECT_FLOAT_EQ(shares[0], 2.0F / 3);
  const auto model = std::make_shared<const ScoredModel>(items);
  const auto evaluation = evaluate("popular", model, popular_scores(model, shares), set.examples, {});
  ASSERT_TRUE(evaluation);
  EXPECT_EQ(evaluation->by_kind[0].examples, 2U);
  EXPECT_EQ(evaluation->by_kind[1].examples, 1U);
  EXPECT_EQ(evaluation->by_kind[kAllKinds].examples, 3U);
  EXPECT_DOUBLE_EQ(evaluation->by_kind[kAllKinds].hit_rate[0], 1.0);
}

}  // namespace
}  // namespace eddy
