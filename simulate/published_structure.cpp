#include <algorithm>

#include "import/tryg_format.h"
#include "import/tryg_structure.h"
#include "simulate/user_structure.h"

namespace eddy {

namespace {

class PublishedStructure final : public UserStructure {
 public:
  PublishedStructure(std::vector<UserPlan> plans, const std::vector<std::vector<ItemIndex>>& purchases)
      : plans_(std::move(plans)), needs_(purchases) {}

  std::size_t users() const override { return plans_.size(); }
  const NeedModel& needs() const override { return needs_; }
  bool has_published_ids() const override { return true; }

  UserPlan plan(std::size_t index, Random& random) const override {
    UserPlan plan = plans_[index];
    // Which of its items a purchase was about is not published; each is equally likely.
    for (PlannedPurchase& purchase : plan.purchases)
      purchase.need = purchase.items[random.below(purchase.items.size())];
    return plan;
  }

 private:
  std::vector<UserPlan> plans_;
  NeedModel needs_;
};

/// Interactions come once, before the first purchase that lists them.
Result<PlannedPurchase> planned(const tryg::PurchaseEvent& published, double place,
                                const std::filesystem::path& directory) {
  PlannedPurchase purchase;
  purchase.id = EventId("p-" + std::to_string(published.id));
  purchase.place = place;
  purchase.listed_earlier = published.listed_earlier;
  purchase.first_number = published.first_number;
  for (const tryg::Interaction& fresh : published.fresh) {
    purchase.interactions.push_back(
        {fresh.is_call, (fresh.is_call ? "c-" : "s-") + std::to_string(fresh.id)});
  }
  for (const std::uint32_t item : published.items) {
    if (item < 1 || item > published::kItems) {
      return user_error("purchase event " + std::to_string(published.id) + " has item " +
                            std::to_string(item) + ", but the published items are 1 to 24",
                        (directory / tryg::kPurchasesFile).string());
    }
    purchase.items.push_back(static_cast<ItemIndex>(item - 1));
  }
  return purchase;
}

}  // namespace

Result<std::unique_ptr<UserStructure>> read_structure(const std::filesystem::path& directory,
                                                      std::optional<std::size_t> most_users) {
  EDDY_ASSIGN(tryg::Structure structure,
              tryg::read_structure(tryg::plain_or_gzip(directory / tryg::kUsersFile),
                                   tryg::plain_or_gzip(directory / tryg::kPurchasesFile)));
  const std::size_t users = std::min(most_users.value_or(structure.users.size()), structure.users.size());
  std::erase_if(structure.purchases,
                [&](const tryg::PurchaseEvent& purchase) { return purchase.user >= users; });

  std::vector<UserPlan> plans(users);
  for (std::size_t user = 0; user < users; ++user) plans[user].user = UserId(structure.users[user]);
  double rank = 0;
  for (const tryg::PurchaseEvent& published : structure.purchases) {
    const double place = (rank += 1.0) / static_cast<double>(structure.purchases.size());
    EDDY_ASSIGN(PlannedPurchase purchase, planned(published, place, directory));
    plans[published.user].purchases.push_back(std::move(purchase));
  }
  std::vector<std::vector<ItemIndex>> purchases;
  for (const UserPlan& plan : plans) {
    for (const PlannedPurchase& purchase : plan.purchases) purchases.push_back(purchase.items);
  }
  return std::unique_ptr<UserStructure>(std::make_unique<PublishedStructure>(std::move(plans), purchases));
}

}  // namespace eddy
