#include "app/http/score_stream.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "unit/http/fake_queries.h"

namespace eddy {
namespace {

class CountingSubscriber final : public StreamSubscriber {
 public:
  void deliver(const std::shared_ptr<const UserRecommendations>& news) noexcept override {
    last = news;
    ++count;
  }
  std::atomic<int> count{0};
  std::shared_ptr<const UserRecommendations> last;
};

void refresh(ScoreStream& stream, const std::string& user, const std::string& event = "e") {
  const auto news = recommendations_of(user, event, {{"car", 0.5F}});
  stream.refreshed(news.user, news.event, news.time, news.recommendation);
}

TEST(ScoreStream, nobody_listens_at_first) {
  ScoreStream stream;
  EXPECT_FALSE(stream.wants(UserId("ann")));
  refresh(stream, "ann");
}

TEST(ScoreStream, only_the_users_own_listeners_hear) {
  ScoreStream stream;
  CountingSubscriber ann, also_ann, bob;
  const auto one = stream.subscribe(UserId("ann"), ann);
  const auto two = stream.subscribe(UserId("ann"), also_ann);
  const auto three = stream.subscribe(UserId("bob"), bob);
  EXPECT_TRUE(stream.wants(UserId("ann")));
  refresh(stream, "ann", "e-1");
  EXPECT_EQ(ann.count, 1);
  EXPECT_EQ(also_ann.count, 1);
  EXPECT_EQ(bob.count, 0);
  EXPECT_EQ(ann.last->event, EventId("e-1"));
  EXPECT_EQ(ann.last, also_ann.last);
}

TEST(ScoreStream, event_without_a_refresh_is_no_news) {
  ScoreStream stream;
  CountingSubscriber ann;
  const auto subscription = stream.subscribe(UserId("ann"), ann);
  stream.refreshed(UserId("ann"), EventId("e"), EventTime{0}, Recommendation());
  EXPECT_EQ(ann.count, 0);
}

TEST(ScoreStream, subscription_ends_with_its_object_and_moves_with_it) {
  ScoreStream stream;
  CountingSubscriber ann;
  {
    auto first = stream.subscribe(UserId("ann"), ann);
    ScoreStream::Subscription second = std::move(first);
    first.end();
    refresh(stream, "ann");
    EXPECT_EQ(ann.count, 1);
    second = stream.subscribe(UserId("ann"), ann);
    refresh(stream, "ann");
    EXPECT_EQ(ann.count, 2);
  }
  EXPECT_FALSE(stream.wants(UserId("ann")));
  refresh(stream, "ann");
  EXPECT_EQ(ann.count, 2);
}

TEST(ScoreStream, listeners_come_and_go_while_others_refresh) {
  ScoreStream stream;
  std::atomic<bool> is_over{false};
  std::jthread shard([&] {
    while (!is_over) refresh(stream, "ann");
  });
  for (int i = 0; i < 2000; ++i) {
    auto subscriber = std::make_unique<CountingSubscriber>();
    auto subscription = stream.subscribe(UserId("ann"), *subscriber);
    if (i % 100 == 0) {
      while (subscriber->count == 0) std::this_thread::yield();
    }
    subscription.end();
    subscriber.reset();  // a call after the end would be found by the sanitizers
  }
  is_over = true;
  shard.join();
  EXPECT_FALSE(stream.wants(UserId("ann")));
}

}  // namespace
}  // namespace eddy
