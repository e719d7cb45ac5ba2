#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "simulate/csv_rows.h"
#include "simulate/user_structure.h"

namespace eddy {

namespace {

struct ListedPurchase {
  std::uint32_t id = 0;
  std::vector<std::pair<std::uint32_t, PlannedInteraction>>
      interactions;                  ///< by number in the user's history
  std::vector<std::uint32_t> items;  ///< as published
};

struct ListedUser {
  std::string id;
  std::vector<ListedPurchase> purchases;
};

/// "3596.0" or "3596"
Result<std::uint32_t> parse_number(std::string_view text) {
  const std::string_view digits = text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
  std::uint32_t value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size()) {
    return user_error("'" + std::string(text) + "' is not a number");
  }
  return value;
}

std::filesystem::path plain_or_gzip(const std::filesystem::path& file) {
  std::error_code ignored;  // a file that cannot be seen is reported when it is opened
  return std::filesystem::exists(file, ignored) ? file : std::filesystem::path(file.string() + ".gz");
}

class StructureReader {
 public:
  Result<void> read(const std::filesystem::path& directory) {
    EDDY_TRY(for_each_csv_row(plain_or_gzip(directory / "data_users.csv"),
                              "user_id,purchase_event_id,event_number,conversation_id,session_id",
                              [this](auto fields) { return take_user_row(fields); }));
    return for_each_csv_row(plain_or_gzip(directory / "data_purchase_events.csv"),
                            "purchase_event_id,item_id",
                            [this](auto fields) { return take_item_row(fields); });
  }

  std::vector<ListedUser> users;

 private:
  Result<void> take_user_row(std::span<const std::string_view> fields) {
    EDDY_ASSIGN(const std::uint32_t purchase_id, parse_number(fields[1]));
    EDDY_ASSIGN(const std::uint32_t number, parse_number(fields[2]));
    const bool is_call = !fields[3].empty();
    if (is_call != fields[4].empty()) return user_error("a row has either a conversation or a session");
    EDDY_ASSIGN(const std::uint32_t interaction, parse_number(is_call ? fields[3] : fields[4]));

    const auto [user, is_new_user] = user_index_.try_emplace(std::string(fields[0]), users.size());
    if (is_new_user) users.push_back({std::string(fields[0]), {}});
    const auto [place, is_new] =
        purchase_index_.try_emplace(purchase_id, user->second, users[user->second].purchases.size());
    if (place->second.first != user->second) return user_error("a purchase of two users");
    std::vector<ListedPurchase>& purchases = users[user->second].purchases;
    if (is_new) purchases.push_back({purchase_id, {}, {}});
    purchases[place->second.second].interactions.emplace_back(
        number, PlannedInteraction{is_call, (is_call ? "c-" : "s-") + std::to_string(interaction)});
    return {};
  }

  Result<void> take_item_row(std::span<const std::string_view> fields) {
    EDDY_ASSIGN(const std::uint32_t purchase_id, parse_number(fields[0]));
    EDDY_ASSIGN(const std::uint32_t item, parse_number(fields[1]));
    const auto place = purchase_index_.find(purchase_id);
    if (place == purchase_index_.end()) return user_error("a purchase that no user made");
    if (item < 1 || item > published::kItems) return user_error("items are 1 to 24");
    users[place->second.first].purchases[place->second.second].items.push_back(item - 1);
    return {};
  }

  std::unordered_map<std::string, std::size_t> user_index_;
  std::unordered_map<std::uint32_t, std::pair<std::size_t, std::size_t>> purchase_index_;
};

class PublishedStructure final : public UserStructure {
 public:
  PublishedStructure(std::vector<UserPlan> plans, const std::vector<std::vector<ItemIndex>>& purchases)
      : plans_(std::move(plans)), needs_(purchases) {}

  std::size_t users() const override { return plans_.size(); }
  const NeedModel& needs() const override { return needs_; }

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

/// Interactions come once, before the first purchase that lists them. Published ids of purchases ascend in
/// time.
UserPlan plan_of(ListedUser& listed, const std::map<std::uint32_t, double>& places) {
  UserPlan plan;
  plan.user = UserId(listed.id);
  std::sort(listed.purchases.begin(), listed.purchases.end(),
            [](const ListedPurchase& a, const ListedPurchase& b) { return a.id < b.id; });
  std::unordered_set<std::string> seen;
  for (ListedPurchase& purchase : listed.purchases) {
    std::stable_sort(purchase.interactions.begin(), purchase.interactions.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    PlannedPurchase planned;
    planned.id = EventId("p-" + std::to_string(purchase.id));
    planned.place = places.at(purchase.id);
    for (auto& [number, interaction] : purchase.interactions) {
      if (seen.insert(interaction.id).second) planned.interactions.push_back(std::move(interaction));
    }
    for (const std::uint32_t item : purchase.items) planned.items.push_back(static_cast<ItemIndex>(item));
    std::sort(planned.items.begin(), planned.items.end());
    planned.items.erase(std::unique(planned.items.begin(), planned.items.end()), planned.items.end());
    plan.purchases.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace

Result<std::unique_ptr<UserStructure>> read_structure(const std::filesystem::path& directory,
                                                      std::optional<std::size_t> most_users) {
  StructureReader reader;
  EDDY_TRY(reader.read(directory));
  if (reader.users.empty()) return user_error("there are no users", directory.string());
  if (most_users && *most_users < reader.users.size()) reader.users.resize(*most_users);

  std::map<std::uint32_t, double> places;
  for (const ListedUser& user : reader.users) {
    for (const ListedPurchase& purchase : user.purchases) {
      if (purchase.items.empty()) {
        return user_error("purchase " + std::to_string(purchase.id) + " has no items", directory.string());
      }
      places[purchase.id] = 0;
    }
  }
  double rank = 0;
  for (auto& [id, place] : places) place = (rank += 1.0) / static_cast<double>(places.size());

  std::vector<UserPlan> plans;
  std::vector<std::vector<ItemIndex>> purchases;
  for (ListedUser& user : reader.users) {
    plans.push_back(plan_of(user, places));
    for (const PlannedPurchase& purchase : plans.back().purchases) purchases.push_back(purchase.items);
  }
  return std::unique_ptr<UserStructure>(std::make_unique<PublishedStructure>(std::move(plans), purchases));
}

}  // namespace eddy
