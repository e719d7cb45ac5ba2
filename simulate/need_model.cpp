#include "simulate/need_model.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace eddy {

using published::kItems;

namespace {

double total_open_weight(const published::PerItem& weights, const std::array<bool, kItems>& certain) {
  double total = 0;
  for (std::size_t item = 0; item < kItems; ++item) {
    if (!certain[item]) total += weights[item];
  }
  return total;
}

}  // namespace

PerItemShares further_item_chances(const published::PerItem& weights, std::size_t count) {
  PerItemShares chances{};
  std::array<bool, kItems> certain{};
  std::size_t open = count;
  // An item whose chance would be above 1 is certain, and the others share what is left.
  for (bool again = true; again && open > 0;) {
    again = false;
    const double scale = static_cast<double>(open) / total_open_weight(weights, certain);
    for (std::size_t item = 0; item < kItems; ++item) {
      if (!certain[item]) chances[item] = weights[item] * scale;
    }
    for (std::size_t item = 0; item < kItems; ++item) {
      if (certain[item] || chances[item] < 1.0) continue;
      certain[item] = true;
      chances[item] = 1.0;
      --open;
      again = true;
    }
  }
  if (open == 0) {
    for (std::size_t item = 0; item < kItems; ++item) {
      if (!certain[item]) chances[item] = 0.0;
    }
  }
  return chances;
}

NeedModel::NeedModel() : further_(kItems) {
  const double total = std::accumulate(published::kNeedShare.begin(), published::kNeedShare.end(), 0.0);
  for (std::size_t need = 0; need < kItems; ++need) {
    prior_[need] = published::kNeedShare[need] / total;
    const auto& sizes = published::kItemsOfAPurchase[need];
    sizes_.emplace_back(std::span<const std::int32_t>(sizes));
    const double size_total = std::accumulate(sizes.begin(), sizes.end(), 0.0);
    for (std::size_t count = 0; count < published::kMostItems; ++count) {
      further_[need][count] = further_item_chances(published::kFurtherItemWeights[need], count);
      for (std::size_t item = 0; item < kItems; ++item) {
        relevance_[need][item] += sizes[count] / size_total * further_[need][count][item];
      }
    }
    relevance_[need][need] = 1.0;
  }
  needs_ = Choice(std::span<const double>(prior_));
}

NeedModel::NeedModel(std::span<const std::vector<ItemIndex>> purchases) {
  for (const std::vector<ItemIndex>& items : purchases) {
    const double share = 1.0 / static_cast<double>(items.size());
    for (const ItemIndex need : items) {
      prior_[need] += share;
      for (const ItemIndex item : items) relevance_[need][item] += share;
    }
  }
  for (std::size_t need = 0; need < kItems; ++need) {
    if (prior_[need] > 0) {
      for (double& value : relevance_[need]) value /= prior_[need];
    }
    prior_[need] /= static_cast<double>(purchases.size());
  }
  needs_ = Choice(std::span<const double>(prior_));
}

ItemIndex NeedModel::draw_need(Random& random) const {
  return static_cast<ItemIndex>(needs_.pick(random));
}

std::vector<ItemIndex> NeedModel::draw_items(ItemIndex need, Random& random) const {
  assert(!sizes_.empty());
  const std::size_t count = sizes_[need].pick(random);
  const PerItemShares& chances = further_[need][count];
  std::vector<ItemIndex> items{need};
  std::vector<ItemIndex> order(kItems);
  std::iota(order.begin(), order.end(), ItemIndex{0});
  random.shuffle(order);
  // Systematic sampling: items lie behind each other, each as long as its chance, and every whole step from a
  // random start picks the item that it falls on. Each item comes with exactly its chance, and their number
  // is fixed.
  double next = random.uniform();
  double end = 0;
  for (const ItemIndex item : order) {
    end += chances[item];
    if (next < end && items.size() <= count) {
      items.push_back(item);
      next += 1.0;
    }
  }
  std::sort(items.begin(), items.end());
  return items;
}

PerItemShares NeedModel::popularity() const {
  PerItemShares result{};
  for (std::size_t need = 0; need < kItems; ++need) {
    for (std::size_t item = 0; item < kItems; ++item) result[item] += prior_[need] * relevance_[need][item];
  }
  return result;
}

}  // namespace eddy
