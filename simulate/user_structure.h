#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/event.h"
#include "simulate/need_model.h"
#include "simulate/random.h"

namespace eddy {

/// A session or call to come.
struct PlannedInteraction {
  bool is_call = false;
  std::string id;
};

/// A purchase to come, and the interactions between the purchase before it and itself, in order.
struct PlannedPurchase {
  EventId id;
  std::vector<PlannedInteraction> interactions;
  ItemIndex need = 0;
  std::vector<ItemIndex> items;                               ///< sorted; holds the need
  std::size_t listed_earlier = published::kMostInteractions;  ///< how many interactions before those it lists
  std::size_t first_number = 0;  ///< event_number of the first that it lists; 0: counted over the history
  double place = -1.0;           ///< where it lies in the simulated period, 0 to 1; below 0: where it falls
};

struct UserPlan {
  UserId user;
  std::vector<PlannedPurchase> purchases;
};

/// Who does what in which order; no contents and no times. Immutable, so safe for all threads.
class UserStructure {
 public:
  virtual ~UserStructure() = default;
  [[nodiscard]] virtual std::size_t users() const = 0;
  /// The plan of user `index`; the same for the same random numbers.
  [[nodiscard]] virtual UserPlan plan(std::size_t index, Random& random) const = 0;
  [[nodiscard]] virtual const NeedModel& needs() const = 0;
  /// Whether ids are the published numbers: of users as they are, else behind "c-", "s-" and "p-".
  [[nodiscard]] virtual bool has_published_ids() const { return false; }
};

/// Users drawn from the published aggregates.
std::unique_ptr<UserStructure> draw_structure(std::size_t users);

/// The published users and purchases themselves, from DIR/data_users.csv and data_purchase_events.csv, or the
/// same names with .gz. With `most_users`, the first ones only. Errors (user's): a file that is missing or
/// does not have the published columns; (external): one that cannot be read.
Result<std::unique_ptr<UserStructure>> read_structure(const std::filesystem::path& directory,
                                                      std::optional<std::size_t> most_users);

/// The id of a simulated item; the published ones are "1" to "24".
[[nodiscard]] ItemId item_id(ItemIndex item);

}  // namespace eddy
