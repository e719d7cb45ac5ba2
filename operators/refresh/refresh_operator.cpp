#include "operators/refresh/refresh_operator.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/metric.h"
#include "event/causing_event.h"
#include "operators/refresh/last_items.h"
#include "operators/refresh/ranking.h"
#include "state/store/hot_profiles.h"

namespace eddy {
namespace {

// Matrix products gain nothing beyond; the scores of more users would only take memory.
constexpr std::size_t kMostAtOnce = 256;

/// An arm's model as this shard serves it, and what it has to do now.
struct ServingArm {
  std::shared_ptr<const ServedModel> served;
  std::unique_ptr<Recommender> recommender;
  Counter* refreshes = nullptr;
  std::vector<Item*> due, purchases;  // scratch memory

  [[nodiscard]] const std::shared_ptr<const ScoredModel>& model() const { return served->catalogue->model(); }
  [[nodiscard]] std::size_t num_items() const { return served->catalogue->size(); }
};

class RefreshOperator final : public Operator {
 public:
  RefreshOperator(std::shared_ptr<ServedModels> models, std::shared_ptr<Prequential> prequential,
                  const RefreshOptions& options)
      : options_(options), models_(std::move(models)), prequential_(std::move(prequential)) {}

  [[nodiscard]] Stage stage() const override { return Stage::kProfiles; }

  Result<void> open(OperatorContext& context) override {
    profiles_ = context.profiles;
    listener_ = context.listener;
    metrics_ = context.metrics;
    name_ = context.name;
    shard_ = context.shard;
    swept_ = models_->swept(shard_);
    take_models();
    return {};
  }

  SweepWish between_batches() override {
    if (models_->version() != version_) take_models();
    return {version_ > swept_ ? version_ : 0, options_.sweep_rate};
  }

  Result<void> process(Batch& batch, std::span<Item* const> items) override {
    if (options_.coalesce) note_last_of_batch(batch, items);
    // Identified visitors share their user's profile, and a profile is refreshed once a round.
    last_of_round_.set(items);
    for (Item* item : items) {
      item->recommendation.model.reset();
      item->recommendation.ranked.clear();
      if (item->before_purchase && prequential_) arm_of(item->event.user).purchases.push_back(item);
      if (is_due(*item)) arm_of(item->event.user).due.push_back(item);
    }
    for (ServingArm& arm : arms_) {
      EDDY_TRY(score_purchases(arm));
      EDDY_TRY(refresh_due(batch, arm));
    }
    return {};
  }

  Result<void> sweep(Batch& batch, std::span<Item* const> items) override {
    for (Item* item : items) {
      ServingArm& arm = arm_of(item->event.user);
      if (arm.served->version <= swept_) continue;  // another arm's model was replaced
      item->event.id = EventId("model/" + arm.model()->name);
      arm.due.push_back(item);
    }
    for (ServingArm& arm : arms_) EDDY_TRY(refresh_due(batch, arm));
    return {};
  }

  void swept(std::uint64_t number) override {
    swept_ = std::max(swept_, number);
    models_->note_swept(shard_, number);
  }

  Result<void> recommend(Profile& profile, Recommendation& recommendation) override {
    ServingArm& arm = arms_.size() == 1 ? arms_.front() : arm_of(HotProfiles::user_of(profile));
    scores_.resize(arm.num_items());
    const RefreshRequest request{&profile.facts, &profile.cache, scores_.data()};
    EDDY_TRY(arm.recommender->refresh(std::span(&request, 1)));
    if (profiles_) profiles_->resized(&profile);
    return fill(arm, scores_, recommendation);
  }

 private:
  void take_models() {
    version_ = models_->version();  // before the models: one that comes in between is taken next time
    const auto current = models_->current();
    arms_.resize(current.size());
    for (std::size_t i = 0; i < current.size(); ++i) {
      ServingArm& arm = arms_[i];
      if (arm.served == current[i]) continue;
      arm.served = current[i];
      arm.recommender = arm.served->bundle->make_recommender();
      if (metrics_ == nullptr) continue;
      arm.refreshes =
          &metrics_->counter("eddy_arm_refreshes_total", "Refreshes by the arm and model that made them.",
                             {{"arm", arm.served->arm}, {"model", arm.served->name()}});
    }
  }

  ServingArm& arm_of(const UserId& user) { return arms_[models_->split().arm_of(user)]; }

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

  /// The model's scores of some items' facts, side by side in scores_.
  Result<void> compute(ServingArm& arm, std::span<Item* const> items, bool before_purchases) {
    scores_.resize(items.size() * arm.num_items());
    requests_.clear();
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Item& item = *items[i];
      const Facts* facts = before_purchases ? item.before_purchase.get() : &item.profile->facts;
      requests_.push_back({facts, &item.profile->cache, scores_.data() + i * arm.num_items()});
    }
    EDDY_TRY(arm.recommender->refresh(requests_));
    if (arm.refreshes) arm.refreshes->add(static_cast<double>(items.size()));
    return {};
  }

  [[nodiscard]] std::span<const float> scores_at(const ServingArm& arm, std::size_t index) const {
    return std::span(scores_).subspan(index * arm.num_items(), arm.num_items());
  }

  Result<void> refresh_due(const Batch& batch, ServingArm& arm) {
    for (std::size_t begin = 0; begin < arm.due.size(); begin += kMostAtOnce) {
      const auto items = std::span(arm.due).subspan(begin, std::min(kMostAtOnce, arm.due.size() - begin));
      EDDY_TRY(compute(arm, items, false));
      for (std::size_t i = 0; i < items.size(); ++i) {
        Item& item = *items[i];
        EDDY_TRY(fill(arm, scores_at(arm, i), item.recommendation));
        if (profiles_) profiles_->resized(item.profile);
        if (listener_ && listener_->wants(item.event.user)) {
          listener_->refreshed(item.event.user, causing_event(batch, item), item.event.time,
                               item.recommendation);
        }
      }
    }
    arm.due.clear();
    return {};
  }

  /// Ahead of refresh_due(), which moves the caches on. A model takes each profile once at a time, and a
  /// round may have two purchases of one (of a visitor and of the user).
  Result<void> score_purchases(ServingArm& arm) {
    std::size_t begin = 0;
    while (begin < arm.purchases.size()) {
      std::size_t end = begin + 1;
      const auto is_new = [&](const Item* item) {
        return std::none_of(arm.purchases.begin() + static_cast<std::ptrdiff_t>(begin),
                            arm.purchases.begin() + static_cast<std::ptrdiff_t>(end),
                            [&](const Item* other) { return other->profile == item->profile; });
      };
      while (end < arm.purchases.size() && end - begin < kMostAtOnce && is_new(arm.purchases[end])) ++end;
      EDDY_TRY(score_purchases(arm, std::span(arm.purchases).subspan(begin, end - begin)));
      begin = end;
    }
    arm.purchases.clear();
    return {};
  }

  Result<void> score_purchases(ServingArm& arm, std::span<Item* const> items) {
    EDDY_TRY(compute(arm, items, true));
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!rank(scores_at(arm, i), kMaxRank, ranked_)) return no_number(arm);
      prequential_->add(*arm.served, ranked_, std::get<Purchase>(items[i]->event.body), metrics_);
    }
    return {};
  }

  Result<void> fill(const ServingArm& arm, std::span<const float> scores, Recommendation& recommendation) {
    if (!rank(scores, options_.keep, recommendation.ranked)) return no_number(arm);
    recommendation.model = arm.model();
    return {};
  }

  [[nodiscard]] Error no_number(const ServingArm& arm) const {
    return internal_error("model " + arm.served->name() + " gave a score that is not a number", name_);
  }

  const RefreshOptions options_;
  const std::shared_ptr<ServedModels> models_;
  const std::shared_ptr<Prequential> prequential_;
  HotProfiles* profiles_ = nullptr;
  RefreshListener* listener_ = nullptr;
  MetricRegistry* metrics_ = nullptr;
  std::string name_;
  ShardId shard_;
  std::vector<ServingArm> arms_;
  std::uint64_t version_ = 0, swept_ = 0;
  LastItems last_of_round_, last_of_batch_;
  // Scratch memory.
  std::vector<Item*> all_items_;
  std::vector<RefreshRequest> requests_;
  std::vector<float> scores_;
  std::vector<ScoredItem> ranked_;
};

}  // namespace

std::unique_ptr<Operator> make_refresh_operator(std::shared_ptr<ServedModels> models,
                                                std::shared_ptr<Prequential> prequential,
                                                const RefreshOptions& options) {
  return std::make_unique<RefreshOperator>(std::move(models), std::move(prequential), options);
}

}  // namespace eddy
