#include "model/comparison/channel_guess.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "model/features/call_features.h"

namespace eddy {
namespace {

/// Words are hashes already; keywords get another seed, so that the two do not meet.
constexpr std::uint64_t kKeywordSeed = 1;

/// As if each item had so many more examples, with each feature as often as on average.
constexpr double kPriorExamples = 100;

void make_set(std::vector<std::uint64_t>& features) {
  std::sort(features.begin(), features.end());
  features.erase(std::unique(features.begin(), features.end()), features.end());
}

std::vector<std::uint64_t> tags_of(const Facts& facts) {
  std::vector<std::uint64_t> features;
  for (const SessionFacts& session : facts.sessions)
    for (const ActionFact& action : session.actions)
      for (const std::string_view tag : action.tags) features.push_back(hash_bytes(tag));
  make_set(features);
  return features;
}

std::vector<std::uint64_t> words_of(const Facts& facts) {
  std::vector<std::uint64_t> features;
  for (const CallFacts& call : facts.calls) {
    for_each_winner(call, [&](const UtteranceFact& said) {
      features.insert(features.end(), said.words.begin(), said.words.end());
      for (const std::string_view keyword : said.keywords)
        features.push_back(hash_bytes(keyword, kKeywordSeed));
    });
  }
  make_set(features);
  return features;
}

bool allows(const PortfolioFact* portfolio, const ItemId& item) {
  return portfolio == nullptr || std::binary_search(portfolio->items.begin(), portfolio->items.end(), item);
}

}  // namespace

void FeatureGuess::learn(std::span<const std::uint64_t> features, std::span<const ItemId> bought) {
  for (const ItemId& item : bought) {
    ++items_[item];
    for (const std::uint64_t feature : features) ++features_[feature][item];
  }
}

std::optional<ItemId> FeatureGuess::guess(std::span<const std::uint64_t> features,
                                          const PortfolioFact* portfolio) const {
  std::map<ItemId, double> scores;
  double examples = 0;
  for (const auto& [item, count] : items_) {
    examples += count;
    if (allows(portfolio, item)) scores[item] = std::log(count);
  }
  bool is_known = false;
  for (const std::uint64_t feature : features) {
    const auto counts = features_.find(feature);
    if (counts == features_.end()) continue;
    is_known = true;
    double with_feature = 0;
    for (const auto& [item, count] : counts->second) with_feature += count;
    const double prior = kPriorExamples * with_feature / examples;
    for (auto& [item, score] : scores) {
      const auto with_item = counts->second.find(item);
      const double count = with_item == counts->second.end() ? 0 : with_item->second;
      score += std::log((count + prior) / (items_.at(item) + kPriorExamples));
    }
  }
  if (!is_known || scores.empty()) return std::nullopt;
  return std::max_element(scores.begin(), scores.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

ChannelGuess::ChannelGuess(std::span<const LearningExample> train) {
  for (const LearningExample& example : train) {
    if (!example.facts.sessions.empty()) sessions_.learn(tags_of(example.facts), example.bought);
    if (!example.facts.calls.empty()) calls_.learn(words_of(example.facts), example.bought);
  }
}

std::optional<bool> ChannelGuess::disagree(const Facts& facts) const {
  const PortfolioFact* portfolio = facts.portfolio ? &*facts.portfolio : nullptr;
  const auto clicked = sessions_.guess(tags_of(facts), portfolio);
  const auto said = calls_.guess(words_of(facts), portfolio);
  if (!clicked || !said) return std::nullopt;
  return *clicked != *said;
}

}  // namespace eddy
