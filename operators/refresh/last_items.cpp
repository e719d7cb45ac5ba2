#include "operators/refresh/last_items.h"

#include <algorithm>
#include <functional>

namespace eddy {

void LastItems::set(std::span<Item* const> items) {
  last_.clear();
  for (const Item* item : items) last_.emplace_back(item->profile, item);
  // Descending by item, so that unique keeps the last of each profile. All items are elements of one vector.
  std::sort(last_.begin(), last_.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? std::less<>()(a.first, b.first) : std::less<>()(b.second, a.second);
  });
  last_.erase(std::unique(last_.begin(), last_.end(),
                          [](const auto& a, const auto& b) { return a.first == b.first; }),
              last_.end());
}

bool LastItems::is_last(const Item& item) const {
  const auto found =
      std::lower_bound(last_.begin(), last_.end(), item.profile,
                       [](const auto& entry, const Profile* p) { return std::less<>()(entry.first, p); });
  return found == last_.end() || found->first != item.profile || found->second <= &item;
}

}  // namespace eddy
