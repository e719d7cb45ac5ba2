#include "import/tryg_structure.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "import/csv_fields.h"
#include "import/csv_reader.h"
#include "import/tryg_format.h"

namespace eddy::tryg {

namespace {

constexpr std::uint32_t kRowsBetweenProgress = 4096;

std::uint64_t key_of(Interaction interaction) {
  return (std::uint64_t{interaction.is_call} << 32U) | interaction.id;
}

std::string name_of(Interaction interaction) {
  return (interaction.is_call ? "conversation " : "session ") + std::to_string(interaction.id);
}

Result<void> for_each_row(const std::filesystem::path& file, std::vector<std::string> columns,
                          const ReadProgress& progress,
                          const std::function<Result<void>(const CsvReader&)>& take) {
  EDDY_ASSIGN(CsvReader row, CsvReader::open(file, std::move(columns)));
  if (progress) progress(0);
  for (std::uint32_t rows = 1;; ++rows) {
    EDDY_ASSIGN(const bool has_row, row.next());
    if (progress && (!has_row || rows % kRowsBetweenProgress == 0)) progress(row.bytes_read());
    if (!has_row) return {};
    EDDY_TRY(take(row));
  }
}

void make_set(std::vector<std::uint32_t>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

/// "4", or several as "4;18".
Result<void> read_items(const CsvReader& row, std::size_t field, std::vector<std::uint32_t>& items) {
  if (row.fields()[field].find(';') == std::string_view::npos) {
    EDDY_ASSIGN(const std::uint32_t item, read_whole_number(row, field));
    items.push_back(item);
    return {};
  }
  return for_each_part(row, field, ';', [&](std::string_view part) -> Result<void> {
    const std::optional<std::uint32_t> item = whole_number(part);
    if (!item) return user_error("'" + std::string(part) + "' is not a whole number");
    items.push_back(*item);
    return {};
  });
}

struct ListedPurchase {
  std::size_t user = 0;
  std::vector<std::pair<std::uint32_t, Interaction>> interactions;  ///< with their event numbers
  std::vector<std::uint32_t> items;
};

class StructureReader {
 public:
  Result<void> take_user_row(const CsvReader& row) {
    const std::string_view user_id = row.fields()[0];
    if (const Result<void> name = check_name(user_id); !name) return row.field_error(0, name.error().message);
    EDDY_ASSIGN(const std::uint32_t purchase_id, read_whole_number(row, 1));
    EDDY_ASSIGN(const std::uint32_t number, read_whole_number(row, 2));
    const bool is_call = !row.fields()[3].empty();
    if (is_call != row.fields()[4].empty()) {
      return row.field_error(4, "a row has either a conversation or a session, and this one has " +
                                    std::string(is_call ? "both" : "neither"));
    }
    EDDY_ASSIGN(const std::uint32_t id, read_whole_number(row, is_call ? 3 : 4));

    const auto [known, is_new_user] = user_index_.try_emplace(std::string(user_id), users.size());
    if (is_new_user) users.emplace_back(user_id);
    const std::size_t user = known->second;
    const auto [purchase, is_new] = purchases.try_emplace(purchase_id);
    if (is_new) purchase->second.user = user;
    if (purchase->second.user != user) {
      return row.field_error(1, "purchase event " + std::to_string(purchase_id) + " is of user " +
                                    users[purchase->second.user] + " in an earlier row, and of " +
                                    users[user] + " in this one");
    }
    return list(row, {is_call, id}, number, user, purchase->second);
  }

  Result<void> take_item_row(const CsvReader& row) {
    EDDY_ASSIGN(const std::uint32_t id, read_whole_number(row, 0));
    const auto purchase = purchases.find(id);
    if (purchase == purchases.end()) {
      return row.field_error(0, "purchase event " + std::to_string(id) + " is in no row of " +
                                    std::string(kUsersFile) + "; are the files of one copy?");
    }
    return read_items(row, 1, purchase->second.items);
  }

  std::vector<std::string> users;
  std::map<std::uint32_t, ListedPurchase> purchases;

 private:
  Result<void> list(const CsvReader& row, Interaction interaction, std::uint32_t number, std::size_t user,
                    ListedPurchase& purchase) {
    const std::size_t field = interaction.is_call ? 3 : 4;
    const auto [owner, is_new] = owners_.try_emplace(key_of(interaction), user);
    if (owner->second != user) {
      return row.field_error(field, name_of(interaction) + " is of user " + users[owner->second] +
                                        " in an earlier row, and of " + users[user] + " in this one");
    }
    for (const auto& [other_number, other] : purchase.interactions) {
      if (other == interaction) return row.field_error(field, name_of(interaction) + " is there twice");
      if (other_number == number) {
        return row.field_error(2,
                               "two interactions of one purchase event are number " + std::to_string(number));
      }
    }
    purchase.interactions.emplace_back(number, interaction);
    return {};
  }

  std::unordered_map<std::string, std::size_t> user_index_;
  std::unordered_map<std::uint64_t, std::size_t> owners_;
};

/// What the purchase lists, split at what the user's earlier ones list. `history` is all of those.
PurchaseEvent purchase_of(std::uint32_t id, ListedPurchase& listed,
                          std::unordered_set<std::uint64_t>& history) {
  std::sort(listed.interactions.begin(), listed.interactions.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  PurchaseEvent purchase;
  purchase.id = id;
  purchase.user = listed.user;
  purchase.first_number = listed.interactions.front().first;
  purchase.earlier = history.size();
  for (const auto& [number, interaction] : listed.interactions) {
    if (history.insert(key_of(interaction)).second) purchase.fresh.push_back(interaction);
  }
  purchase.listed_earlier = listed.interactions.size() - purchase.fresh.size();
  purchase.items = std::move(listed.items);
  make_set(purchase.items);
  return purchase;
}

}  // namespace

bool PurchaseEvent::leaves_out_of(std::size_t history) const {
  return listed_earlier < history && listed_earlier + fresh.size() < kLongestList;
}

std::optional<std::uint32_t> Structure::number_of(Interaction interaction) const {
  const auto found = interactions_.find(key_of(interaction));
  if (found == interactions_.end()) return std::nullopt;
  return found->second;
}

void Structure::number_interactions() {
  interactions_.clear();
  for (const PurchaseEvent& purchase : purchases) {
    for (const Interaction& interaction : purchase.fresh) {
      interactions_.emplace(key_of(interaction), static_cast<std::uint32_t>(interactions_.size()));
    }
  }
}

Result<Structure> read_structure(const std::filesystem::path& users, const std::filesystem::path& purchases,
                                 const ReadProgress& progress) {
  StructureReader reader;
  EDDY_TRY(for_each_row(users, users_columns(), progress,
                        [&](const CsvReader& row) { return reader.take_user_row(row); }));
  if (reader.users.empty()) return user_error("there are no users", users.string());
  EDDY_TRY(for_each_row(purchases, items_columns(), progress,
                        [&](const CsvReader& row) { return reader.take_item_row(row); }));
  Structure structure;
  std::vector<std::unordered_set<std::uint64_t>> histories(reader.users.size());
  for (auto& [id, listed] : reader.purchases) {
    if (listed.items.empty()) {
      return user_error("purchase event " + std::to_string(id) + " of user " + reader.users[listed.user] +
                            " has no items; are the files of one copy?",
                        purchases.string());
    }
    structure.purchases.push_back(purchase_of(id, listed, histories[listed.user]));
  }
  structure.users = std::move(reader.users);
  structure.number_interactions();
  return structure;
}

Result<std::uint64_t> read_post_filter(const std::filesystem::path& file, bool allow_missing,
                                       Structure& structure, const ReadProgress& progress) {
  std::vector<PurchaseEvent>& purchases = structure.purchases;
  std::uint64_t unmatched = 0;
  const auto take = [&](const CsvReader& row) -> Result<void> {
    EDDY_ASSIGN(const std::uint32_t id, read_whole_number(row, 0));
    const auto found = std::lower_bound(
        purchases.begin(), purchases.end(), id,
        [](const PurchaseEvent& purchase, std::uint32_t value) { return purchase.id < value; });
    if (found != purchases.end() && found->id == id) return read_items(row, 1, found->sellable);
    ++unmatched;
    if (allow_missing) return {};
    return row.field_error(0, "purchase event " + std::to_string(id) + " is in no row of " +
                                  std::string(kUsersFile) + "; are the files of one copy?");
  };
  EDDY_TRY(for_each_row(file, items_columns(), progress, take));
  for (PurchaseEvent& purchase : purchases) {
    make_set(purchase.sellable);
    if (purchase.sellable.empty() && !allow_missing) {
      return user_error(
          "purchase event " + std::to_string(purchase.id) + " has no row; are the files of one copy?",
          file.string());
    }
  }
  return unmatched;
}

}  // namespace eddy::tryg
