#include <algorithm>
#include <array>

#include "simulate/user_structure.h"

namespace eddy {

namespace {

constexpr std::size_t kSide = published::kMostInteractions + 1;

Choice choice_of(const published::PerKind& table) {
  std::vector<std::int32_t> weights;
  for (const auto& row : table) weights.insert(weights.end(), row.begin(), row.end());
  return Choice(std::span<const std::int32_t>(weights));
}

class DrawnStructure final : public UserStructure {
 public:
  explicit DrawnStructure(std::size_t users)
      : users_(users),
        first_(choice_of(published::kFirstInteractions)),
        further_(choice_of(published::kFurtherInteractions)),
        purchases_(std::span<const std::int32_t>(published::kPurchasesOfAUser)) {}

  std::size_t users() const override { return users_; }
  const NeedModel& needs() const override { return needs_; }

  UserPlan plan(std::size_t index, Random& random) const override {
    UserPlan plan;
    plan.user = UserId("u-" + std::to_string(index));
    const std::size_t purchases = purchases_.pick(random) + 1;
    std::size_t interactions = 0;
    for (std::size_t i = 0; i < purchases; ++i) {
      PlannedPurchase purchase;
      purchase.id = EventId("p-" + std::to_string(index) + "-" + std::to_string(i));
      const std::size_t cell = (i == 0 ? first_ : further_).pick(random);
      purchase.interactions.resize(cell / kSide + cell % kSide);
      std::fill_n(purchase.interactions.begin(), cell % kSide, PlannedInteraction{true, {}});
      random.shuffle(purchase.interactions);
      for (PlannedInteraction& interaction : purchase.interactions) {
        interaction.id = (interaction.is_call ? "c-" : "s-") + std::to_string(index) + "-" +
                         std::to_string(interactions++);
      }
      purchase.need = needs_.draw_need(random);
      purchase.items = needs_.draw_items(purchase.need, random);
      plan.purchases.push_back(std::move(purchase));
    }
    return plan;
  }

 private:
  std::size_t users_;
  NeedModel needs_;
  Choice first_, further_, purchases_;
};

}  // namespace

std::unique_ptr<UserStructure> draw_structure(std::size_t users) {
  return std::make_unique<DrawnStructure>(users);
}

ItemId item_id(ItemIndex item) {
  return ItemId(std::to_string(item + 1));
}

}  // namespace eddy
