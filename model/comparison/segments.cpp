#include "model/comparison/segments.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "model/comparison/channel_guess.h"

namespace eddy {
namespace {

/// Rare are the least bought items that together have at most this share of all items bought.
constexpr double kRareShare = 0.1;

std::set<ItemId> rare_items(std::span<const LearningExample> train) {
  std::map<ItemId, std::size_t> counts;
  std::size_t total = 0;
  for (const LearningExample& example : train) {
    for (const ItemId& item : example.bought) ++counts[item];
    total += example.bought.size();
  }
  std::vector<std::pair<std::size_t, ItemId>> order;
  order.reserve(counts.size());
  for (const auto& [item, count] : counts) order.emplace_back(count, item);
  std::sort(order.begin(), order.end());
  std::set<ItemId> rare;
  std::size_t sum = 0;
  for (const auto& [count, item] : order) {
    sum += count;
    if (static_cast<double>(sum) > kRareShare * static_cast<double>(total)) break;
    rare.insert(item);
  }
  return rare;
}

std::vector<std::string> by_rarity(const ExampleSpans& examples) {
  const std::set<ItemId> rare = rare_items(examples.train);
  std::set<ItemId> learned;
  for (const LearningExample& example : examples.train)
    learned.insert(example.bought.begin(), example.bought.end());
  std::vector<std::string> values;
  values.reserve(examples.test.size());
  for (const LearningExample& example : examples.test) {
    const bool is_rare = std::any_of(example.bought.begin(), example.bought.end(), [&](const ItemId& item) {
      return rare.contains(item) || !learned.contains(item);
    });
    values.emplace_back(is_rare ? "a rare item" : "common items only");
  }
  return values;
}

std::vector<std::string> by_interactions(const ExampleSpans& examples) {
  std::vector<std::string> values;
  values.reserve(examples.test.size());
  for (const LearningExample& example : examples.test) {
    const std::size_t count = example.facts.sessions.size() + example.facts.calls.size();
    values.emplace_back(count < 2 ? "1 interaction" : count < 4 ? "2 or 3 interactions" : "4 or more");
  }
  return values;
}

std::vector<std::string> by_agreement(const ExampleSpans& examples) {
  const ChannelGuess guess(examples.train);
  std::vector<std::string> values;
  values.reserve(examples.test.size());
  for (const LearningExample& example : examples.test) {
    const std::optional<bool> disagree = guess.disagree(example.facts);
    values.emplace_back(!disagree ? "" : *disagree ? "channels conflict" : "channels agree");
  }
  return values;
}

Segmentation divide(std::string field, std::string meaning, const std::vector<std::string>& values,
                    std::span<const LearningExample> test) {
  std::map<std::string, Segment> segments;
  std::map<std::string, std::set<std::string_view>> users;
  for (std::uint32_t event = 0; event < test.size(); ++event) {
    if (values[event].empty()) continue;
    segments[values[event]].events.push_back(event);
    users[values[event]].insert(test[event].user.value());
  }
  Segmentation result{std::move(field), std::move(meaning), {}};
  for (auto& [name, segment] : segments) {
    segment.name = name;
    segment.users = users[name].size();
    result.segments.push_back(std::move(segment));
  }
  std::stable_sort(result.segments.begin(), result.segments.end(),
                   [](const Segment& a, const Segment& b) { return a.events.size() < b.events.size(); });
  return result;
}

}  // namespace

std::span<const BuiltInField> built_in_fields() {
  static constexpr std::array kFields{
      BuiltInField{"rare-items", "whether something rarely bought was bought", by_rarity},
      BuiltInField{"interactions", "sessions and calls before the purchase", by_interactions},
      BuiltInField{"agreement", "whether sessions and calls alone make one expect the same item",
                   by_agreement}};
  return kFields;
}

Segmentation segments_by(const BuiltInField& field, const ExampleSpans& examples) {
  return divide(std::string(field.name), std::string(field.meaning), field.values(examples), examples.test);
}

Segmentation segments_by(const std::string& name, const UserField& values, const ExampleSpans& examples) {
  std::vector<std::string> of_events;
  of_events.reserve(examples.test.size());
  for (const LearningExample& example : examples.test) {
    const auto found = values.find(example.user);
    of_events.push_back(found == values.end() || found->second.empty() ? "unknown" : found->second);
  }
  return divide(name, "of the user", of_events, examples.test);
}

}  // namespace eddy
