#include "model/training/anchors.h"

#include <algorithm>
#include <random>

namespace eddy {
namespace {

bool may_be_anchor(const EncodedExamples& examples, const EncodedExamples::Example& example) {
  const auto& [begin, end] = example.interactions;
  return end - begin == 2 && examples.interactions[begin].is_call != examples.interactions[begin + 1].is_call;
}

/// The candidates that bought each item, in a random order, and how many examples did.
struct ItemCandidates {
  std::vector<std::uint32_t> candidates;
  std::uint64_t bought = 0;
};

std::vector<ItemCandidates> candidates_by_item(const EncodedExamples& examples, std::mt19937_64& generator) {
  std::vector<ItemCandidates> items(examples.items);
  for (std::uint32_t index = 0; index < examples.examples.size(); ++index) {
    const auto& example = examples.examples[index];
    for (std::uint64_t i = example.bought.begin; i < example.bought.end; ++i) {
      ItemCandidates& item = items[examples.labels[i]];
      ++item.bought;
      if (may_be_anchor(examples, example)) item.candidates.push_back(index);
    }
  }
  for (ItemCandidates& item : items)
    for (std::size_t i = item.candidates.size(); i > 1; --i)
      std::swap(item.candidates[i - 1], item.candidates[generator() % i]);
  return items;
}

/// An item that has candidates, by its share of the purchases; null if there is none.
ItemCandidates* draw_item(std::vector<ItemCandidates>& items, std::mt19937_64& generator) {
  std::uint64_t total = 0;
  for (const ItemCandidates& item : items)
    if (!item.candidates.empty()) total += item.bought;
  if (total == 0) return nullptr;
  std::uint64_t drawn = generator() % total;
  for (ItemCandidates& item : items) {
    if (item.candidates.empty()) continue;
    if (drawn < item.bought) return &item;
    drawn -= item.bought;
  }
  return nullptr;
}

}  // namespace

std::vector<std::uint32_t> choose_anchors(const EncodedExamples& examples, std::size_t count,
                                          std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<ItemCandidates> items = candidates_by_item(examples, generator);
  std::vector<std::uint32_t> anchors;
  while (anchors.size() < count) {
    ItemCandidates* item = draw_item(items, generator);
    if (item == nullptr) break;
    const std::uint32_t candidate = item->candidates.back();
    item->candidates.pop_back();
    // One that bought several items is a candidate of each.
    if (std::find(anchors.begin(), anchors.end(), candidate) == anchors.end()) anchors.push_back(candidate);
  }
  return anchors;
}

EncodedExamples single_interactions(const EncodedExamples& examples, Channel channel) {
  EncodedExamples singles = examples;
  singles.examples.clear();
  const bool of_calls = channel == Channel::kCall;
  for (const auto& example : examples.examples) {
    for (std::uint64_t i = example.interactions.begin; i < example.interactions.end; ++i) {
      if (examples.interactions[i].is_call != of_calls) continue;
      EncodedExamples::Example single = example;
      single.interactions = {i, i + 1};
      single.kind = of_calls ? ExampleKind::kCallsOnly : ExampleKind::kSessionsOnly;
      singles.examples.push_back(single);
    }
  }
  return singles;
}

}  // namespace eddy
