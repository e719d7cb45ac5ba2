#include "model/catalogue.h"

#include <algorithm>
#include <utility>

namespace eddy {

Catalogue::Catalogue(std::shared_ptr<const ScoredModel> model) : model_(std::move(model)) {
  index_.reserve(size());
  for (std::uint32_t i = 0; i < size(); ++i) index_.emplace(model_->items[i], i);
}

std::optional<std::uint32_t> Catalogue::find(const ItemId& item) const {
  const auto found = index_.find(item);
  return found == index_.end() ? std::nullopt : std::optional(found->second);
}

void Catalogue::mask(const Facts& facts, float* scores) const {
  if (!facts.portfolio) return;
  const auto& allowed = facts.portfolio->items;  // sorted
  for (std::size_t i = 0; i < size(); ++i) {
    if (!std::binary_search(allowed.begin(), allowed.end(), model_->items[i])) scores[i] = 0;
  }
}

}  // namespace eddy
