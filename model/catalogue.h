#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "event/recommendation.h"
#include "state/profile/facts.h"

namespace eddy {

/// The items of a model and which of them a user may buy. Immutable.
class Catalogue {
 public:
  explicit Catalogue(std::shared_ptr<const ScoredModel> model);

  [[nodiscard]] const std::shared_ptr<const ScoredModel>& model() const { return model_; }
  [[nodiscard]] std::size_t size() const { return model_->items.size(); }
  [[nodiscard]] std::optional<std::uint32_t> find(const ItemId& item) const;

  /// Sets the scores of items outside the user's portfolio to exactly 0; without a portfolio all may be sold.
  void mask(const Facts& facts, float* scores) const;

 private:
  std::shared_ptr<const ScoredModel> model_;
  std::unordered_map<ItemId, std::uint32_t> index_;
};

}  // namespace eddy
