#include "operators/refresh/refresh_operator.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "event/causing_event.h"
#include "operators/refresh/last_items.h"
#include "operators/refresh/ranking.h"
#include "state/store/hot_profiles.h"

namespace eddy {
namespace {

class RefreshOperator final : public Operator {
 public:
  RefreshOperator(std::unique_ptr<Recommender> recommender, const RefreshOptions& options)
      : options_(options), recommender_(std::move(recommender)), model_(recommender_->model()) {}

  [[nodiscard]] Stage stage() const override { return Stage::kProfiles; }

  Result<void> open(OperatorContext& context) override {
    profiles_ = context.profiles;
    listener_ = context.listener;
    name_ = context.name;
    return {};
  }

  Result<void> process(Batch& batch, std::span<Item* const> items) override {
    if (options_.coalesce) note_last_of_batch(batch, items);
    // Identified visitors share their user's profile, and a profile is refreshed once a round.
    last_of_round_.set(items);
    chosen_.clear();
    for (Item* item : items) {
      item->recommendation.model.reset();
      item->recommendation.ranked.clear();
      if (is_due(*item)) chosen_.push_back(item);
    }
    for (std::size_t begin = 0; begin < chosen_.size(); begin += kMostAtOnce) {
      const std::size_t size = std::min(kMostAtOnce, chosen_.size() - begin);
      EDDY_TRY(refresh(batch, std::span(chosen_).subspan(begin, size)));
    }
    return {};
  }

  Result<void> recommend(Profile& profile, Recommendation& recommendation) override {
    scores_.resize(model_->items.size());
    const RefreshRequest request{&profile.facts, &profile.cache, scores_.data()};
    EDDY_TRY(recommender_->refresh(std::span(&request, 1)));
    if (profiles_) profiles_->resized(&profile);
    return fill(scores_, recommendation);
  }

 private:
  // Matrix products gain nothing beyond; the scores of more users would only take memory.
  static constexpr std::size_t kMostAtOnce = 256;

  /// The first item of a batch is the first event of its user, so the first round, and no other, begins with
  /// it.
  void note_last_of_batch(Batch& batch, std::span<Item* const> items) {
    if (items.empty() || items.front() != &batch.items.front()) return;
    all_items_.clear();
    for (Item& item : batch.items) all_items_.push_back(&item);
    last_of_batch_.set(all_items_);
  }

  [[nodiscard]] bool is_due(const Item& item) const {
    // Who asks to be forgotten gets no new recommendation for it.
    if (std::holds_alternative<Forget>(item.event.body)) return false;
    if (!last_of_round_.is_last(item)) return false;
    if (options_.coalesce) return last_of_batch_.is_last(item);
    return item.facts_changed || options_.unchanged || !item.profile->cache;
  }

  Result<void> refresh(const Batch& batch, std::span<Item* const> items) {
    const std::size_t num_items = model_->items.size();
    scores_.resize(items.size() * num_items);
    requests_.clear();
    for (std::size_t i = 0; i < items.size(); ++i) {
      Profile& profile = *items[i]->profile;
      requests_.push_back({&profile.facts, &profile.cache, scores_.data() + i * num_items});
    }
    EDDY_TRY(recommender_->refresh(requests_));
    for (std::size_t i = 0; i < items.size(); ++i) {
      Item& item = *items[i];
      EDDY_TRY(fill(std::span(scores_).subspan(i * num_items, num_items), item.recommendation));
      if (profiles_) profiles_->resized(item.profile);
      if (listener_ && listener_->wants(item.event.user)) {
        listener_->refreshed(item.event.user, causing_event(batch, item), item.event.time,
                             item.recommendation);
      }
    }
    return {};
  }

  Result<void> fill(std::span<const float> scores, Recommendation& recommendation) {
    if (!rank(scores, options_.keep, recommendation.ranked)) {
      return internal_error("model " + model_->name + " gave a score that is not a number", name_);
    }
    recommendation.model = model_;
    return {};
  }

  const RefreshOptions options_;
  const std::unique_ptr<Recommender> recommender_;
  const std::shared_ptr<const ScoredModel> model_;
  HotProfiles* profiles_ = nullptr;
  RefreshListener* listener_ = nullptr;
  std::string name_;
  LastItems last_of_round_, last_of_batch_;
  // Scratch memory.
  std::vector<Item*> all_items_, chosen_;
  std::vector<RefreshRequest> requests_;
  std::vector<float> scores_;
};

}  // namespace

std::unique_ptr<Operator> make_refresh_operator(std::unique_ptr<Recommender> recommender,
                                                const RefreshOptions& options) {
  return std::make_unique<RefreshOperator>(std::move(recommender), options);
}

}  // namespace eddy
