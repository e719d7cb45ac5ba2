#include "app/http/score_stream.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace eddy {

ScoreStream::Subscription::Subscription(Subscription&& other) noexcept
    : stream_(std::exchange(other.stream_, nullptr)),
      user_(std::move(other.user_)),
      subscriber_(std::exchange(other.subscriber_, nullptr)) {}

ScoreStream::Subscription& ScoreStream::Subscription::operator=(Subscription&& other) noexcept {
  if (this == &other) return *this;
  end();
  stream_ = std::exchange(other.stream_, nullptr);
  user_ = std::move(other.user_);
  subscriber_ = std::exchange(other.subscriber_, nullptr);
  return *this;
}

void ScoreStream::Subscription::end() noexcept {
  if (ScoreStream* const stream = std::exchange(stream_, nullptr)) stream->unsubscribe(user_, subscriber_);
}

ScoreStream::Subscription ScoreStream::subscribe(const UserId& user, StreamSubscriber& subscriber) {
  Subscription subscription(*this, user, subscriber);
  {
    const MutexLock lock(mutex_);
    by_user_[user].push_back(&subscriber);
  }
  subscribers_at_[place_of(user)].fetch_add(1, std::memory_order_relaxed);
  subscribers_.fetch_add(1, std::memory_order_release);
  return subscription;
}

void ScoreStream::unsubscribe(const UserId& user, const StreamSubscriber* subscriber) noexcept {
  const MutexLock lock(mutex_);
  const auto found = by_user_.find(user);
  if (found == by_user_.end()) return;
  auto& list = found->second;
  const auto one = std::find(list.begin(), list.end(), subscriber);
  if (one == list.end()) return;
  list.erase(one);
  if (list.empty()) by_user_.erase(found);
  subscribers_at_[place_of(user)].fetch_sub(1, std::memory_order_relaxed);
  subscribers_.fetch_sub(1, std::memory_order_relaxed);
}

bool ScoreStream::wants(const UserId& user) const {
  if (subscribers_.load(std::memory_order_acquire) == 0) return false;
  return subscribers_at_[place_of(user)].load(std::memory_order_relaxed) > 0;
}

void ScoreStream::refreshed(const UserId& user, const EventId& event, EventTime time,
                            const Recommendation& recommendation) {
  if (!wants(user) || !recommendation.model) return;
  const MutexLock lock(mutex_);
  const auto found = by_user_.find(user);
  if (found == by_user_.end()) return;
  const auto news =
      std::make_shared<const UserRecommendations>(UserRecommendations{user, event, time, recommendation});
  for (StreamSubscriber* const subscriber : found->second) subscriber->deliver(news);
}

std::size_t ScoreStream::place_of(const UserId& user) {
  return hash_bytes(user.value()) % kPlaces;
}

}  // namespace eddy
