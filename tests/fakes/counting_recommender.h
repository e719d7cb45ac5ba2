#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/recommender.h"

namespace eddy {

/// A model whose scores a test can foresee: item 0 has 0.5, item i has 1 / (2 + i), and each session raises
/// the last item by 0.1. Refuses to refresh a user twice in a call, as real ones may.
class CountingRecommender final : public Recommender {
 public:
  struct Calls {
    std::vector<std::size_t> sizes;  ///< of each refresh
  };

  CountingRecommender(std::size_t items, std::shared_ptr<Calls> calls, std::string name = "counting@1")
      : calls_(std::move(calls)) {
    auto model = std::make_shared<ScoredModel>();
    model->name = std::move(name);
    for (std::size_t i = 0; i < items; ++i) model->items.emplace_back("item-" + std::to_string(i));
    model_ = std::move(model);
  }

  Result<void> refresh(std::span<const RefreshRequest> requests) override {
    calls_->sizes.push_back(requests.size());
    std::set<const Facts*> seen;
    for (const RefreshRequest& request : requests) {
      if (!seen.insert(request.facts).second) return internal_error("a user twice in one refresh");
      if (!*request.cache) *request.cache = std::make_unique<Cache>();
      fill(*request.facts, request.scores);
    }
    return {};
  }

  Result<void> score(std::span<const Facts* const> users, float* scores) override {
    for (std::size_t i = 0; i < users.size(); ++i) fill(*users[i], scores + i * model_->items.size());
    return {};
  }

  [[nodiscard]] std::shared_ptr<const ScoredModel> model() const override { return model_; }

 private:
  struct Cache final : ModelCache {
    [[nodiscard]] std::size_t memory_bytes() const override { return sizeof(Cache); }
  };

  void fill(const Facts& facts, float* scores) const {
    const std::size_t items = model_->items.size();
    for (std::size_t i = 0; i < items; ++i) scores[i] = 1.0F / static_cast<float>(2 + i);
    scores[items - 1] += 0.1F * static_cast<float>(facts.sessions.size());
    if (facts.portfolio) scores[0] = 0;
  }

  std::shared_ptr<Calls> calls_;
  std::shared_ptr<const ScoredModel> model_;
};

}  // namespace eddy
