#include "operators/fold/fold_operator.h"

#include <cstdint>
#include <utility>

#include "operators/fold/identity.h"
#include "state/profile/fold.h"
#include "state/profile/prefetch.h"
#include "state/store/hot_profiles.h"

namespace eddy {
namespace {

/// Items are folded one by one. Where a visitor was identified, Item::profile becomes the user's, and two
/// items of a round may then share it: facts do not mind (the order of folding never matters), operators
/// behind this one must not rely on each profile being there once.
class FoldOperator final : public Operator {
 public:
  explicit FoldOperator(const FoldOptions& options) : options_(options) {}

  [[nodiscard]] Stage stage() const override { return Stage::kProfiles; }

  Result<void> open(OperatorContext& context) override {
    if (!context.profiles) return internal_error("fold needs profiles", context.name);
    profiles_ = context.profiles;
    identity_.emplace(*profiles_, options_);
    return {};
  }

  Result<void> process(Batch& batch, std::span<Item* const> items) override {
    for (std::size_t i = 0; i < items.size(); ++i) {
      prefetch_facts_ahead(i, items.size(), [&](std::size_t at) { return &items[at]->profile->facts; });
      EDDY_TRY(process(batch, *items[i]));
    }
    return {};
  }

 private:
  Result<void> process(Batch& batch, Item& item) {
    item.facts_changed = false;
    item.before_purchase.reset();
    if (item.profile->facts.identified_as) EDDY_TRY(redirect(item));
    if (const auto* identify = std::get_if<Identify>(&item.event.body)) {
      EDDY_ASSIGN(item.facts_changed,
                  identity_->identify(identify->visitor, item.event.time, item.event.user, item.profile));
      return {};
    }
    auto before = before_purchase(item);
    switch (fold(item.event, options_, item.profile->facts)) {
      case FoldOutcome::kChanged:
        item.facts_changed = true;
        item.before_purchase = std::move(before);
        changed(*item.profile, item.event);
        return {};
      case FoldOutcome::kUnchanged:
        return {};
      case FoldOutcome::kConflict:
        batch.refuse(
            batch.records()[item.record],
            "field 'embedding': another embedding of this call's utterance, another encoder or another "
            "number of values is in the sum already");
        return {};
    }
    return {};
  }

  /// A copy of what the model that predicted a purchase has seen. Others of the round may be folded into the
  /// same profile before refresh comes to it, so that it has to be taken here.
  static std::shared_ptr<const Facts> before_purchase(const Item& item) {
    const Facts& facts = item.profile->facts;
    const bool is_predicted = std::holds_alternative<Purchase>(item.event.body) &&
                              (!facts.sessions.empty() || !facts.calls.empty());
    return is_predicted ? std::make_shared<const Facts>(facts) : nullptr;
  }

  /// A forget is for the visitor's own profile as well: a redirect is personal data too.
  Result<void> redirect(Item& item) {
    Profile* const own = item.profile;
    EDDY_ASSIGN(item.profile, identity_->resolve(item.event.user, own));
    if (std::holds_alternative<Forget>(item.event.body) &&
        fold(item.event, options_, own->facts) == FoldOutcome::kChanged) {
      changed(*own, item.event);
    }
    return {};
  }

  void changed(Profile& profile, const Event& event) {
    if (std::holds_alternative<Forget>(event.body)) {
      // A cache made of what is forgotten would be stale, but still be there.
      profile.cache.reset();
      profile.last_output.reset();
    }
    profiles_->mark_changed(&profile);
  }

  const FoldOptions options_;
  HotProfiles* profiles_ = nullptr;
  std::optional<Identity> identity_;
};

class FoldFactory final : public OperatorFactory {
 public:
  [[nodiscard]] std::string summary() const override {
    return "Folds events into what is known of their users, and joins visitors to the users they turn out to "
           "be.";
  }

  OptionSet options() override {
    constexpr std::int64_t kMillion = 1'000'000;
    OptionSet options("fold");
    options.add("max_interactions", &max_interactions_, 1, 1000,
                "Sessions and calls kept of a user: the latest.");
    options.add("max_purchases", &max_purchases_, 0, 1000, "Purchases kept of a user: the latest.");
    options.add("max_actions_per_session", &max_actions_, 1, kMillion,
                "Moments kept of a session: the latest.");
    options.add("max_utterances_per_call", &max_utterances_, 1, kMillion,
                "Utterances kept of a call: those with the highest sequence numbers.");
    options.add("max_words_per_utterance", &max_words_, 1, 65536, "Words kept of an utterance: the first.");
    options.add("session_inactivity", &session_inactivity_, std::chrono::seconds(1),
                std::chrono::hours(24 * 7), "What separates two sessions of actions that name none.");
    return options;
  }

  void prepare(const ParamNode& /*node*/, std::vector<Error>& /*mistakes*/) override {}

  Result<std::unique_ptr<Operator>> create(ShardId /*shard*/) override {
    FoldOptions options;
    options.max_interactions = static_cast<std::size_t>(max_interactions_);
    options.max_purchases = static_cast<std::size_t>(max_purchases_);
    options.max_actions_per_session = static_cast<std::size_t>(max_actions_);
    options.max_utterances_per_call = static_cast<std::size_t>(max_utterances_);
    options.max_words_per_utterance = static_cast<std::size_t>(max_words_);
    options.session_inactivity = session_inactivity_;
    return std::unique_ptr<Operator>(std::make_unique<FoldOperator>(options));
  }

 private:
  const FoldOptions defaults_{};
  std::int64_t max_interactions_ = static_cast<std::int64_t>(defaults_.max_interactions);
  std::int64_t max_purchases_ = static_cast<std::int64_t>(defaults_.max_purchases);
  std::int64_t max_actions_ = static_cast<std::int64_t>(defaults_.max_actions_per_session);
  std::int64_t max_utterances_ = static_cast<std::int64_t>(defaults_.max_utterances_per_call);
  std::int64_t max_words_ = static_cast<std::int64_t>(defaults_.max_words_per_utterance);
  std::chrono::milliseconds session_inactivity_ = defaults_.session_inactivity;
};

}  // namespace

std::unique_ptr<OperatorFactory> make_fold_factory() {
  return std::make_unique<FoldFactory>();
}

}  // namespace eddy
