#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "fakes/small_text_encoder.h"
#include "model/recommender_model.h"
#include "model/text/utterance_vectors.h"
#include "state/profile/fold.h"

namespace eddy {

/// Every Recommender passes this suite, with a model that knows the tags "tag-0"… and the items "item-0"…,
/// three of them at least. Utterances have the vectors of small_text_encoder():
///
///     INSTANTIATE_TEST_SUITE_P(Popular, RecommenderContract, testing::Values(&make_popular_under_test));
using MakeModelUnderTest = std::shared_ptr<const RecommenderModel> (*)();

class RecommenderContract : public testing::TestWithParam<MakeModelUnderTest> {
 protected:
  static constexpr float kTolerance = 1e-5F;

  void SetUp() override {
    model_ = GetParam()();
    ASSERT_NE(model_, nullptr);
    recommender_ = model_->make_recommender();
  }

  [[nodiscard]] std::size_t items() const { return model_->scored_model()->items.size(); }

  static void act(Facts& facts, std::int64_t minute, const std::string& session, const std::string& tag) {
    add(facts, minute, Action{SessionId(session), {tag}});
  }
  static void say(Facts& facts, std::int64_t minute, const std::string& call, std::uint32_t seq,
                  const std::string& text) {
    Utterance said;
    said.call = CallId(call);
    said.seq = seq;
    said.text = text;
    Utterance* const utterance = &said;
    ASSERT_TRUE(add_vectors({&utterance, 1}, *small_text_encoder()));
    add(facts, minute, said);
  }
  static void buy(Facts& facts, std::int64_t minute) { add(facts, minute, Purchase{{ItemId("item-0")}}); }
  static void sell_only(Facts& facts, std::vector<ItemId> items) {
    add(facts, 0, Portfolio{std::move(items)});
  }

  /// A history of its own for each number.
  static Facts user(int number) {
    Facts facts;
    for (int i = 0; i < number % 7; ++i) {
      const std::string name = std::to_string(i);
      if ((number + i) % 3 == 0) {
        say(facts, 100 * i, "call-" + name, 1, "my house number " + name + " burnt");
        say(facts, 100 * i + 1, "call-" + name, 2, "is that insured " + std::to_string(number));
      } else {
        act(facts, 100 * i, "session-" + name, "tag-" + std::to_string(number % 5));
        act(facts, 100 * i + 1, "session-" + name, "tag-" + name);
      }
    }
    return facts;
  }

  std::vector<float> refresh(Facts& facts, std::unique_ptr<ModelCache>& cache) {
    std::vector<float> scores(items(), -1.0F);
    const RefreshRequest request{&facts, &cache, scores.data()};
    EXPECT_TRUE(recommender_->refresh({&request, 1}).has_value());
    return scores;
  }
  std::vector<float> score(const Facts& facts) {
    std::vector<float> scores(items(), -1.0F);
    const Facts* user = &facts;
    EXPECT_TRUE(recommender_->score({&user, 1}, scores.data()).has_value());
    return scores;
  }
  static auto near(const std::vector<float>& expected) {
    return testing::Pointwise(testing::FloatNear(kTolerance), expected);
  }

  std::shared_ptr<const RecommenderModel> model_;
  std::unique_ptr<Recommender> recommender_;

 private:
  static void add(Facts& facts, std::int64_t minute, EventBody body) {
    constexpr std::int64_t kStart = 1'772'323'200'000;
    Event event;
    event.time = EventTime{kStart + minute * 60'000};
    event.body = std::move(body);
    fold(event, FoldOptions{}, facts);
  }
};

/// A cache that no recommender made.
class ForeignCache final : public ModelCache {
 public:
  [[nodiscard]] std::size_t memory_bytes() const override { return sizeof(*this); }
};

TEST_P(RecommenderContract, scores_lie_between_0_and_1) {
  for (int number = 0; number < 10; ++number) {
    EXPECT_THAT(score(user(number)), testing::Each(testing::AllOf(testing::Ge(0.0F), testing::Le(1.0F))));
  }
}

TEST_P(RecommenderContract, a_user_without_facts_has_scores) {
  Facts nothing;
  std::unique_ptr<ModelCache> cache;
  EXPECT_THAT(refresh(nothing, cache), near(score(nothing)));
  EXPECT_THAT(score(nothing), testing::Each(testing::Gt(0.0F)));
}

TEST_P(RecommenderContract, an_empty_batch_is_no_error) {
  EXPECT_TRUE(recommender_->refresh({}).has_value());
  EXPECT_TRUE(recommender_->score({}, nullptr).has_value());
}

TEST_P(RecommenderContract, users_of_one_batch_get_the_scores_that_each_gets_alone) {
  constexpr int kUsers = 600;  // more than are computed at once
  std::vector<Facts> users;
  for (int number = 0; number < kUsers; ++number) users.push_back(user(number));
  std::vector<std::unique_ptr<ModelCache>> caches(users.size());
  std::vector<float> together(users.size() * items());
  std::vector<float> batch(users.size() * items());
  std::vector<RefreshRequest> requests;
  std::vector<const Facts*> facts;
  for (std::size_t i = 0; i < users.size(); ++i) {
    requests.push_back({&users[i], &caches[i], together.data() + i * items()});
    facts.push_back(&users[i]);
  }
  ASSERT_TRUE(recommender_->refresh(requests).has_value());
  ASSERT_TRUE(recommender_->score(facts, batch.data()).has_value());
  EXPECT_THAT(together, near(batch));
  for (std::size_t i = 0; i < 20; ++i) {
    std::unique_ptr<ModelCache> own;
    const auto begin = together.begin() + static_cast<std::ptrdiff_t>(i * items());
    EXPECT_THAT(refresh(users[i], own), near({begin, begin + static_cast<std::ptrdiff_t>(items())}));
  }
}

TEST_P(RecommenderContract, a_refresh_after_each_event_equals_the_batch_pass) {
  Facts facts;
  std::unique_ptr<ModelCache> cache;
  for (std::int64_t minute = 0; minute < 60; ++minute) {
    act(facts, minute, "session-" + std::to_string(minute / 7), "tag-" + std::to_string(minute % 5));
    EXPECT_THAT(refresh(facts, cache), near(score(facts)));
    say(facts, minute, "call-" + std::to_string(minute / 11), static_cast<std::uint32_t>(minute),
        "word" + std::to_string(minute) + " and more");
    EXPECT_THAT(refresh(facts, cache), near(score(facts)));
  }
}

TEST_P(RecommenderContract, a_late_event_reaches_back) {
  Facts facts = user(6);
  std::unique_ptr<ModelCache> cache;
  refresh(facts, cache);
  act(facts, -500, "earliest", "tag-3");
  EXPECT_THAT(refresh(facts, cache), near(score(facts)));
  say(facts, 150, "between", 1, "this came late");
  EXPECT_THAT(refresh(facts, cache), near(score(facts)));
}

TEST_P(RecommenderContract, a_purchase_reaches_back_if_it_is_late) {
  Facts facts = user(6);
  std::unique_ptr<ModelCache> cache;
  refresh(facts, cache);
  buy(facts, 150);
  EXPECT_THAT(refresh(facts, cache), near(score(facts)));
  buy(facts, 1000);
  EXPECT_THAT(refresh(facts, cache), near(score(facts)));
  act(facts, 1100, "after", "tag-2");
  EXPECT_THAT(refresh(facts, cache), near(score(facts)));
  buy(facts, -500);
  EXPECT_THAT(refresh(facts, cache), near(score(facts)));
}

TEST_P(RecommenderContract, a_cache_may_be_lost_at_any_moment) {
  Facts facts = user(5);
  std::unique_ptr<ModelCache> cache;
  const auto before = refresh(facts, cache);
  cache.reset();
  EXPECT_THAT(refresh(facts, cache), near(before));
}

TEST_P(RecommenderContract, another_models_cache_does_no_harm) {
  Facts facts = user(4);
  std::unique_ptr<ModelCache> cache = std::make_unique<ForeignCache>();
  EXPECT_THAT(refresh(facts, cache), near(score(facts)));
  EXPECT_THAT(refresh(facts, cache), near(score(facts)));
}

TEST_P(RecommenderContract, what_may_not_be_sold_scores_exactly_0) {
  Facts facts = user(3);
  const auto free = score(facts);
  sell_only(facts, {ItemId("item-1"), ItemId("unknown")});
  std::unique_ptr<ModelCache> cache;
  const auto refreshed = refresh(facts, cache);
  const auto scored = score(facts);
  for (std::size_t i = 0; i < items(); ++i) {
    if (model_->scored_model()->items[i] == ItemId("item-1")) {
      EXPECT_NEAR(refreshed[i], free[i], kTolerance);
      EXPECT_NEAR(scored[i], free[i], kTolerance);
    } else {
      EXPECT_EQ(refreshed[i], 0.0F);
      EXPECT_EQ(scored[i], 0.0F);
    }
  }
}

TEST_P(RecommenderContract, instances_of_a_model_share_its_name_and_read_each_others_caches) {
  const auto other = model_->make_recommender();
  EXPECT_EQ(other->model(), recommender_->model());
  EXPECT_EQ(other->model(), model_->scored_model());
  Facts facts = user(6);
  std::unique_ptr<ModelCache> cache;
  const auto first = refresh(facts, cache);
  std::vector<float> second(items());
  const RefreshRequest request{&facts, &cache, second.data()};
  ASSERT_TRUE(other->refresh({&request, 1}).has_value());
  EXPECT_THAT(second, near(first));
}

}  // namespace eddy
