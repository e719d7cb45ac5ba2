#include "operators/refresh/refresh_operator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "fakes/counting_bundle.h"
#include "fakes/shard_in_memory.h"
#include "operators/decode/decode_operator.h"
#include "operators/fold/fold_operator.h"
#include "operators/refresh/ranking.h"

namespace eddy {
namespace {

using testing::ElementsAre;

std::string action(const std::string& user, int time, const std::string& session = "s") {
  return R"({"type":"action","user":")" + user + R"(","session":")" + session + R"(","time":)" +
         std::to_string(time) + R"(,"tags":["t"]})";
}

class Listener final : public RefreshListener {
 public:
  [[nodiscard]] bool wants(const UserId& user) const override { return user == UserId("u"); }
  void refreshed(const UserId& /*user*/, const EventId& event, EventTime /*time*/,
                 const Recommendation& recommendation) override {
    heard.push_back(event.value());
    EXPECT_TRUE(recommendation.model);
  }
  std::vector<std::string> heard;
};

struct RefreshingShard : ShardInMemory {
  explicit RefreshingShard(const RefreshOptions& options, RefreshListener* listener = nullptr) {
    context().listener = listener;
    EXPECT_TRUE(append(make_operator(*make_decode_factory(), {})));
    EXPECT_TRUE(append(make_operator(*make_fold_factory(), {})));
    EXPECT_TRUE(append(make_refresh_operator(
        served_alone(std::make_shared<CountingBundle>(5, "counting@1", calls)), nullptr, options)));
  }

  /// The model's calls while one batch went through; which items were refreshed is `due`.
  std::vector<std::size_t> sizes_of(const std::vector<std::string>& events) {
    calls->sizes.clear();
    Batch run_batch = batch(events);
    const auto result = run(run_batch);
    EXPECT_TRUE(result) << result.error().message;
    due.clear();
    for (const Item& item : run_batch.items) due.push_back(item.recommendation.model != nullptr);
    last = std::move(run_batch);
    return calls->sizes;
  }

  std::shared_ptr<CountingRecommender::Calls> calls = std::make_shared<CountingRecommender::Calls>();
  std::vector<bool> due;
  Batch last{ShardId(0)};
};

TEST(RefreshOperator, refreshes_every_event_in_rounds) {
  RefreshingShard shard({});
  EXPECT_THAT(shard.sizes_of({action("u", 1), action("v", 2), action("u", 3), action("u", 4)}),
              ElementsAre(2, 1, 1));
  EXPECT_THAT(shard.due, ElementsAre(true, true, true, true));
}

TEST(RefreshOperator, recommendation_is_as_of_its_event_and_ranked) {
  RefreshOptions options;
  options.keep = 2;
  RefreshingShard shard(options);
  shard.sizes_of({action("u", 1, "a"), action("u", 2, "b"), action("u", 3, "c"), action("u", 4, "d")});
  const auto& first = shard.last.items[0].recommendation.ranked;
  const auto& last = shard.last.items[3].recommendation.ranked;
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].item, 0U);
  EXPECT_EQ(last[0].item, 4U);
  EXPECT_FLOAT_EQ(last[0].score, 1.0F / 6 + 0.4F);
}

TEST(RefreshOperator, items_that_may_not_be_sold_are_absent) {
  RefreshingShard shard({});
  shard.sizes_of({R"({"type":"portfolio","user":"u","time":1,"items":["item-1"]})"});
  for (const ScoredItem& scored : shard.last.items[0].recommendation.ranked) EXPECT_NE(scored.item, 0U);
  EXPECT_EQ(shard.last.items[0].recommendation.ranked.size(), 4U);
}

TEST(RefreshOperator, duplicates_are_refreshed_only_where_scores_are_missing_or_when_asked) {
  RefreshingShard shard({});
  EXPECT_THAT(shard.sizes_of({action("u", 1), action("u", 1)}), ElementsAre(1));
  shard.profile("u").cache.reset();
  EXPECT_THAT(shard.sizes_of({action("u", 1)}), ElementsAre(1));
  RefreshOptions options;
  options.unchanged = true;
  RefreshingShard eager(options);
  EXPECT_THAT(eager.sizes_of({action("u", 1), action("u", 1)}), ElementsAre(1, 1));
}

TEST(RefreshOperator, coalesce_refreshes_a_users_last_event_of_a_batch) {
  RefreshOptions options;
  options.coalesce = true;
  RefreshingShard shard(options);
  EXPECT_THAT(
      shard.sizes_of({action("u", 1), action("v", 2), action("u", 3), action("w", 4), action("u", 5)}),
      ElementsAre(2, 1));
  EXPECT_THAT(shard.due, ElementsAre(false, true, false, true, true));
  EXPECT_THAT(shard.sizes_of({action("v", 6), action("u", 7)}), ElementsAre(2));
}

TEST(RefreshOperator, visitor_and_user_in_one_round_are_one_refresh) {
  RefreshingShard shard({});
  shard.sizes_of({action("v", 1, "a"), R"({"type":"identify","user":"u","time":2,"visitor":"v"})"});
  EXPECT_THAT(shard.sizes_of({action("v", 3, "a"), action("u", 4, "b")}), ElementsAre(1));
  EXPECT_THAT(shard.due, ElementsAre(false, true));
}

TEST(RefreshOperator, large_rounds_are_split) {
  RefreshingShard shard({});
  std::vector<std::string> events;
  for (int i = 0; i < 600; ++i) events.push_back(action("u" + std::to_string(i), 1));
  EXPECT_THAT(shard.sizes_of(events), ElementsAre(256, 256, 88));
}

TEST(RefreshOperator, listener_hears_of_the_users_that_it_wants) {
  Listener listener;
  RefreshingShard shard({}, &listener);
  shard.sizes_of({action("v", 1), action("u", 2)});
  EXPECT_THAT(listener.heard, ElementsAre("t/0/1"));
}

TEST(RefreshOperator, answers_for_a_profile_outside_of_events) {
  ShardInMemory shard;
  auto refresh = make_refresh_operator(served_alone(std::make_shared<CountingBundle>(5)), nullptr, {});
  ASSERT_TRUE(refresh->open(shard.context()));
  Recommendation recommendation;
  ASSERT_TRUE(refresh->recommend(shard.profile("nobody"), recommendation));
  ASSERT_TRUE(recommendation.model);
  EXPECT_EQ(recommendation.ranked.size(), 5U);
}

TEST(Ranking, equals_a_sort_of_all_items) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    std::vector<float> scores(random() % 60);
    for (float& score : scores) score = static_cast<float>(random() % 8) / 8.0F;
    std::vector<ScoredItem> all;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (scores[i] > 0) all.push_back({static_cast<std::uint32_t>(i), scores[i]});
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
    const std::size_t keep = random() % 20;
    all.resize(std::min(keep, all.size()));
    std::vector<ScoredItem> ranked;
    ASSERT_TRUE(rank(scores, keep, ranked));
    ASSERT_EQ(ranked, all);
  }
}

TEST(Ranking, a_score_that_is_not_a_number_is_told) {
  std::vector<ScoredItem> ranked;
  EXPECT_FALSE(rank(std::vector<float>{0.5F, std::nanf("")}, 1, ranked));
}

}  // namespace
}  // namespace eddy
