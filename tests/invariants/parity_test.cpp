// Invariant 1: after any prefix of a user's events, the streaming scores equal a batch forward pass over the
// same facts.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fakes/random_models.h"
#include "invariants/event_generators.h"
#include "model/text/utterance_vectors.h"
#include "state/profile/fold.h"
#include "state/profile/merge.h"
#include "state/profile/profile.h"
#include "state/profile/profile_codec.h"

namespace eddy {
namespace {

constexpr float kTolerance = 1e-5F;

/// The users of a stream, folded one event at a time, and a recommender that follows them.
class FollowedUsers {
 public:
  explicit FollowedUsers(const RecommenderModel& model) : recommender_(model.make_recommender()) {}

  void apply(const Event& event) {
    Profile& profile = users_[event.user];
    fold(event, options_, profile.facts);
    if (const auto* identify = std::get_if<Identify>(&event.body)) {
      Profile& visitor = users_[identify->visitor];
      merge(std::move(visitor.facts), options_, profile.facts);
      visitor.cache.reset();  // emptied facts count their revisions anew
    }
  }

  /// What happens to a profile that leaves memory and comes back.
  void evict(const UserId& user) {
    Profile& profile = users_[user];
    std::string stored;
    encode_facts(profile.facts, stored);
    auto decoded = decode_facts(stored);
    RC_ASSERT(decoded.has_value());
    profile.facts = std::move(*decoded);
    profile.cache.reset();
  }

  /// Whether the facts of all users are the same, bit for bit.
  [[nodiscard]] bool has_facts_of(const FollowedUsers& other) const {
    return std::equal(
        users_.begin(), users_.end(), other.users_.begin(), other.users_.end(),
        [](const auto& a, const auto& b) { return a.first == b.first && a.second.facts == b.second.facts; });
  }

  /// The largest difference between refreshed and batch scores, over all users and items.
  float largest_difference() {
    const std::size_t items = recommender_->model()->items.size();
    std::vector<float> streaming(users_.size() * items);
    std::vector<float> batch(users_.size() * items);
    std::vector<RefreshRequest> requests;
    std::vector<const Facts*> facts;
    for (auto& [user, profile] : users_) {
      requests.push_back({&profile.facts, &profile.cache, streaming.data() + requests.size() * items});
      facts.push_back(&profile.facts);
    }
    RC_ASSERT(recommender_->refresh(requests).has_value());
    RC_ASSERT(recommender_->score(facts, batch.data()).has_value());
    float largest = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      RC_ASSERT(std::isfinite(streaming[i]) && std::isfinite(batch[i]));
      largest = std::max(largest, std::abs(streaming[i] - batch[i]));
    }
    return largest;
  }

 private:
  const FoldOptions options_;
  const std::unique_ptr<Recommender> recommender_;
  std::map<UserId, Profile> users_;
};

void streaming_equals_batch(const RecommenderModel& model) {
  const auto events = *generate::event_stream();
  FollowedUsers users(model);
  for (const Event& event : events) {
    users.apply(event);
    RC_ASSERT(users.largest_difference() <= kTolerance);
  }
}

/// Every kind of model, by name.
class parity_of_models : public testing::TestWithParam<const char*> {};

TEST_P(parity_of_models, streaming_scores_equal_a_batch_forward_pass_after_every_event) {
  const auto model = random_model(GetParam(), 11);
  EXPECT_TRUE(rc::check([&] { streaming_equals_batch(*model); }));
}

INSTANTIATE_TEST_SUITE_P(every_kind, parity_of_models, testing::ValuesIn(kRandomKinds),
                         [](const auto& test) { return with_underscores(test.param); });

/// Models that read the vectors that utterances carry.
class parity_of_carried_vectors : public testing::TestWithParam<const char*> {};

TEST_P(parity_of_carried_vectors, streaming_scores_equal_a_batch_forward_pass_after_every_event) {
  const auto model = random_model(GetParam(), 16, small_carried_shape);
  EXPECT_TRUE(rc::check([&] { streaming_equals_batch(*model); }));
}

INSTANTIATE_TEST_SUITE_P(of_calls, parity_of_carried_vectors, testing::ValuesIn(kRandomTextKinds),
                         [](const auto& test) { return with_underscores(test.param); });

/// Gives the utterances of some events the vectors of small_text_encoder(), as `encode` does with a batch.
void encode(std::span<Event> events) {
  std::vector<Utterance*> said;
  for (Event& event : events)
    if (auto* utterance = std::get_if<Utterance>(&event.body)) said.push_back(utterance);
  RC_ASSERT(add_vectors(said, *small_text_encoder()).has_value());
}

/// Models that read the vectors that a text encoder makes while the stream goes on.
class parity_of_encoded_texts : public testing::TestWithParam<const char*> {};

TEST_P(parity_of_encoded_texts, streaming_scores_equal_a_batch_forward_pass_over_the_whole_streams_facts) {
  const auto model = random_model(GetParam(), 17, small_encoded_shape);
  EXPECT_TRUE(rc::check([&] {
    auto events = *generate::event_stream();
    FollowedUsers users(*model), encoded_together(*model);
    for (Event event : events) {
      encode({&event, 1});
      users.apply(event);
      RC_ASSERT(users.largest_difference() <= kTolerance);
    }
    encode(events);
    for (const Event& event : events) encoded_together.apply(event);
    RC_ASSERT(users.has_facts_of(encoded_together));
  }));
}

INSTANTIATE_TEST_SUITE_P(of_calls, parity_of_encoded_texts, testing::ValuesIn(kRandomTextKinds),
                         [](const auto& test) { return with_underscores(test.param); });

TEST(parity, holds_without_a_linear_path_and_for_customers_words_only) {
  auto shape = small_latent_feature_shape();
  shape.customer_only = true;
  shape.max_ngram = 3;
  const RandomLatentFeature random(shape, 12, false);
  const auto model = random.model();
  EXPECT_TRUE(rc::check([&] { streaming_equals_batch(*model); }));
}

/// Of what the linear path of Wide and deep reads: terms, or terms and vectors.
class parity_of_linear_paths : public testing::TestWithParam<NetworkShape (*)(std::string_view)> {};

TEST_P(parity_of_linear_paths, holds_where_users_buy_between_interactions) {
  const auto model = random_model("wide-and-deep", 17, GetParam());
  EXPECT_TRUE(rc::check([&] {
    const auto events = *generate::event_stream();
    FollowedUsers users(*model);
    for (const Event& event : events) {
      users.apply(event);
      if (*rc::gen::weightedElement<bool>({{1, true}, {3, false}}))
        users.apply({EventId(), event.user, generate::any_time(), Purchase{{ItemId("item-0")}}});
      RC_ASSERT(users.largest_difference() <= kTolerance);
    }
  }));
}

INSTANTIATE_TEST_SUITE_P(since_a_purchase, parity_of_linear_paths,
                         testing::Values(small_shape, small_carried_shape),
                         [](const auto& test) { return test.index == 0 ? "of_terms" : "of_vectors"; });

TEST(parity, holds_when_fewer_interactions_are_read_than_kept) {
  auto shape = small_latent_feature_shape();
  shape.max_interactions = 2;
  const RandomLatentFeature random(shape, 13);
  const auto model = random.model();
  EXPECT_TRUE(rc::check([&] { streaming_equals_batch(*model); }));
}

TEST_P(parity_of_models, holds_when_refreshes_are_rare_and_profiles_leave_memory) {
  const auto model = random_model(GetParam(), 14);
  EXPECT_TRUE(rc::check([&] {
    const auto events = *generate::event_stream();
    FollowedUsers users(*model);
    for (const Event& event : events) {
      users.apply(event);
      if (*rc::gen::weightedElement<bool>({{1, true}, {6, false}})) users.evict(event.user);
      if (*rc::gen::weightedElement<bool>({{1, true}, {2, false}})) {
        RC_ASSERT(users.largest_difference() <= kTolerance);
      }
    }
    RC_ASSERT(users.largest_difference() <= kTolerance);
  }));
}

TEST(parity, holds_at_the_size_that_is_served) {
  NetworkShape shape;
  shape.tags = generate::kTags;
  shape.items = 24;
  shape.buckets = 4096;
  const RandomLatentFeature random(shape, 15);
  const auto model = random.model();
  EXPECT_TRUE(rc::check([&] {
    const auto events = *rc::gen::resize(25, generate::event_stream());
    FollowedUsers users(*model);
    for (const Event& event : events) {
      users.apply(event);
      RC_ASSERT(users.largest_difference() <= kTolerance);
    }
  }));
}

}  // namespace
}  // namespace eddy
