#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "app/http/recommendation_queries.h"
#include "base/annotated_mutex.h"
#include "operators/operator_context.h"

namespace eddy {

/// Hears of one user's refreshes.
class StreamSubscriber {
 public:
  virtual ~StreamSubscriber() = default;
  /// Called on the thread that refreshes, ahead of the commit, under the hub's lock: hands the news on and
  /// returns.
  virtual void deliver(const std::shared_ptr<const UserRecommendations>& news) noexcept = 0;
};

/// Passes each refresh on to those who listen to its user. Costs a refresh nothing to speak of while nobody
/// listens. Thread-safe; outlives its subscriptions and whoever refreshes.
class ScoreStream final : public RefreshListener {
 public:
  /// Ends when it goes: after that the subscriber is not called any more.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(ScoreStream& stream, UserId user, StreamSubscriber& subscriber)
        : stream_(&stream), user_(std::move(user)), subscriber_(&subscriber) {}
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription() { end(); }
    void end() noexcept;

   private:
    ScoreStream* stream_ = nullptr;
    UserId user_;
    StreamSubscriber* subscriber_ = nullptr;
  };

  /// `subscriber` outlives the subscription.
  [[nodiscard]] Subscription subscribe(const UserId& user, StreamSubscriber& subscriber);

  /// May say yes for a user whose hash is that of another one who is listened to.
  [[nodiscard]] bool wants(const UserId& user) const override;
  void refreshed(const UserId& user, const EventId& event, EventTime time,
                 const Recommendation& recommendation) override;

 private:
  // How many subscribers the users of one hash have: what wants() reads, without a lock.
  static constexpr std::size_t kPlaces = 4096;
  [[nodiscard]] static std::size_t place_of(const UserId& user);
  void unsubscribe(const UserId& user, const StreamSubscriber* subscriber) noexcept;

  std::atomic<std::uint32_t> subscribers_{0};
  std::array<std::atomic<std::uint32_t>, kPlaces> subscribers_at_{};
  Mutex mutex_;
  std::unordered_map<UserId, std::vector<StreamSubscriber*>> by_user_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy
