#pragma once

#include <span>
#include <utility>
#include <vector>

#include "event/batch.h"

namespace eddy {

/// Which item is the last of its profile among some items. Memory is reused.
class LastItems {
 public:
  /// Items of one batch, in its order.
  void set(std::span<Item* const> items);
  /// Whether no later item of the set has the same profile. An item whose profile is not in the set is its
  /// last.
  [[nodiscard]] bool is_last(const Item& item) const;

 private:
  std::vector<std::pair<const Profile*, const Item*>> last_;  // sorted, each profile once
};

}  // namespace eddy
