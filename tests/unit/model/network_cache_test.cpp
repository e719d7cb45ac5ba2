#include "model/recommenders/network_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fakes/random_latent_feature.h"
#include "state/profile/fold.h"

namespace eddy {
namespace {

/// A call, and a session that began during it: the session is the last interaction.
class NetworkCacheTest : public testing::Test {
 protected:
  NetworkCacheTest() {
    say();
    act();
  }

  void say() {
    Utterance said;
    said.call = CallId("call");
    said.seq = utterances_++;
    said.text = "word" + std::to_string(said.seq);
    add(std::move(said));
  }
  void act() { add(Action{SessionId("session"), {"tag-" + std::to_string(time_ % 9)}}); }

  /// Bytes of the cache after a refresh.
  std::size_t refresh() {
    std::vector<float> scores(network_.items().size());
    const std::vector<RefreshRequest> requests = {{&profile_.facts, &profile_.cache, scores.data()}};
    EXPECT_TRUE(recommender_->refresh(requests).has_value());
    return profile_.cache->memory_bytes();
  }

  Profile profile_;
  const RandomLatentFeature network_{small_latent_feature_shape(), 17};

 private:
  void add(EventBody body) {
    Event event;
    event.time = EventTime{time_++};
    event.body = std::move(body);
    fold(event, FoldOptions{}, profile_.facts);
  }

  std::int64_t time_ = 1'772'323'200'000;
  std::uint32_t utterances_ = 0;
  const std::unique_ptr<Recommender> recommender_ = network_.model()->make_recommender();
};

TEST_F(NetworkCacheTest, a_whole_history_keeps_no_input) {
  const std::size_t cold = refresh();
  act();
  EXPECT_EQ(refresh(), cold);
  profile_.cache.reset();
  EXPECT_EQ(refresh(), cold);
  act();
  EXPECT_EQ(refresh(), cold);
}

TEST_F(NetworkCacheTest, an_event_of_an_earlier_interaction_keeps_the_input_of_the_last) {
  const std::size_t cold = refresh();
  say();
  const std::size_t kept = refresh();
  EXPECT_GE(kept, cold + 3 * small_latent_feature_shape().hidden * sizeof(float));
  act();
  EXPECT_GE(refresh(), kept);
}

}  // namespace
}  // namespace eddy
