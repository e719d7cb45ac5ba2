#include "app/demo/live_hits.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

namespace eddy {
namespace {

constexpr std::size_t kRanks = 3;

struct SentRanking {
  std::size_t at = 0;  ///< index of the causing event
  std::vector<ItemId> items;
};
using RankingsByUser = std::unordered_map<std::string, std::vector<SentRanking>>;

bool is_hit(const std::vector<ItemId>& ranking, const std::vector<ItemId>& bought) {
  const auto end = ranking.begin() + static_cast<std::ptrdiff_t>(std::min(kRanks, ranking.size()));
  return std::any_of(ranking.begin(), end, [&](const ItemId& item) {
    return std::find(bought.begin(), bought.end(), item) != bought.end();
  });
}

/// Of those events that have an id: the place where it came first.
std::unordered_map<std::string, std::size_t> places_of(const std::vector<Event>& events) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t at = 0; at < events.size(); ++at) {
    if (!events[at].id.value().empty()) places.try_emplace(events[at].id.value(), at);
  }
  return places;
}

Result<void> read_line(const std::string& line, const std::unordered_map<std::string, std::size_t>& places,
                       RankingsByUser& rankings) {
  try {
    const auto json = nlohmann::json::parse(line);
    // A file sink wraps the message with its key; an empty one takes back what was said before.
    const auto& message = json.contains("value") ? json.at("value") : json;
    if (!message.is_object()) return {};
    const auto place = places.find(message.at("event").get<std::string>());
    if (place == places.end()) return {};
    SentRanking sent{place->second, {}};
    for (const auto& item : message.at("items")) sent.items.emplace_back(item.at("item").get<std::string>());
    rankings[message.at("user").get<std::string>()].push_back(std::move(sent));
    return {};
  } catch (const nlohmann::json::exception& error) {
    return internal_error(std::string("not a recommendation: ") + error.what());
  }
}

}  // namespace

Result<LiveHits> count_live_hits(const std::filesystem::path& recommendations,
                                 const std::vector<Event>& events) {
  std::ifstream file(recommendations);
  if (!file) return external_error("cannot be read", recommendations.string());
  const auto places = places_of(events);
  RankingsByUser rankings;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) EDDY_TRY(read_line(line, places, rankings));
  }
  if (file.bad()) return external_error("cannot be read to its end", recommendations.string());

  LiveHits result;
  for (std::size_t at = 0; at < events.size(); ++at) {
    const auto* purchase = std::get_if<Purchase>(&events[at].body);
    if (purchase == nullptr) continue;
    const SentRanking* latest = nullptr;
    for (const SentRanking& sent : rankings[events[at].user.value()]) {
      if (sent.at < at && (latest == nullptr || sent.at >= latest->at)) latest = &sent;
    }
    if (latest == nullptr) continue;
    ++result.purchases;
    result.hits += is_hit(latest->items, purchase->items) ? 1 : 0;
  }
  return result;
}

LiveHits count_hits_of(const std::vector<ItemId>& ranking, const std::vector<Event>& events) {
  LiveHits result;
  for (const Event& event : events) {
    const auto* purchase = std::get_if<Purchase>(&event.body);
    if (purchase == nullptr) continue;
    ++result.purchases;
    result.hits += is_hit(ranking, purchase->items) ? 1 : 0;
  }
  return result;
}

std::vector<ItemId> popular_items(const std::vector<Event>& events) {
  std::map<ItemId, std::size_t> counts;
  for (const Event& event : events) {
    const auto* purchase = std::get_if<Purchase>(&event.body);
    if (purchase == nullptr) continue;
    for (const ItemId& item : purchase->items) ++counts[item];
  }
  std::vector<ItemId> items;
  items.reserve(counts.size());
  for (const auto& [item, count] : counts) items.push_back(item);
  std::stable_sort(items.begin(), items.end(),
                   [&](const ItemId& a, const ItemId& b) { return counts[a] > counts[b]; });
  return items;
}

}  // namespace eddy
