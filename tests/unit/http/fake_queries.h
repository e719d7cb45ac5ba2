#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "app/http/recommendation_queries.h"
#include "base/annotated_mutex.h"

namespace eddy {

inline UserRecommendations recommendations_of(const std::string& user, const std::string& event,
                                              const std::vector<std::pair<std::string, float>>& items) {
  UserRecommendations made;
  made.user = UserId(user);
  made.event = EventId(event);
  made.time = EventTime{1'700'000'000'250};
  auto model = std::make_shared<ScoredModel>();
  model->name = "popular@1";
  for (const auto& [item, score] : items) {
    made.recommendation.ranked.push_back({static_cast<std::uint32_t>(model->items.size()), score});
    model->items.emplace_back(item);
  }
  made.recommendation.model = std::move(model);
  return made;
}

/// Answers what it was told. Thread-safe.
class FakeQueries final : public RecommendationQueries {
 public:
  Result<std::optional<UserRecommendations>> recommendations(const UserId& user, std::size_t /*k*/) override {
    const MutexLock lock(mutex_);
    if (user.value() == "throws") throw std::runtime_error("a defect");
    if (user.value() == "fails") return external_error("the disk is on fire");
    const auto found = answers_.find(user);
    if (found == answers_.end()) return std::optional<UserRecommendations>();
    return std::optional(found->second);
  }
  [[nodiscard]] Readiness readiness() const override {
    const MutexLock lock(mutex_);
    return readiness_;
  }

  void set(const UserRecommendations& answer) {
    const MutexLock lock(mutex_);
    answers_.insert_or_assign(answer.user, answer);
  }
  void set_readiness(Readiness readiness) {
    const MutexLock lock(mutex_);
    readiness_ = std::move(readiness);
  }

 private:
  mutable Mutex mutex_;
  std::map<UserId, UserRecommendations> answers_ EDDY_GUARDED_BY(mutex_);
  Readiness readiness_ EDDY_GUARDED_BY(mutex_);
};

}  // namespace eddy
