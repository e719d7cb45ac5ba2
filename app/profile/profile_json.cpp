#include "app/profile/profile_json.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace eddy {
namespace {

using Json = nlohmann::ordered_json;

Json tags_json(const TagSet& tags) {
  Json list = Json::array();
  for (const std::string_view tag : tags) list.push_back(std::string(tag));
  return list;
}

Json items_json(const std::vector<ItemId>& items) {
  Json list = Json::array();
  for (const ItemId& item : items) list.push_back(item.value());
  return list;
}

Json session_json(const SessionFacts& session) {
  Json json;
  if (!session.id.value().empty()) json["session"] = session.id.value();
  json["actions"] = Json::array();
  for (const ActionFact& action : session.actions) {
    json["actions"].push_back({{"time", to_rfc3339(action.time)}, {"tags", tags_json(action.tags)}});
  }
  return json;
}

Json call_json(const CallFacts& call) {
  Json json;
  json["call"] = call.id.value();
  if (call.started) json["started"] = to_rfc3339(*call.started);
  if (call.ended) json["ended"] = to_rfc3339(*call.ended);
  json["utterances"] = Json::array();
  for (std::size_t i = 0; i < call.utterances.size(); ++i) {
    if (call.is_shadowed(i)) continue;
    const UtteranceFact& utterance = call.utterances[i];
    Json one{{"seq", utterance.seq},
             {"time", to_rfc3339(utterance.time)},
             {"speaker", utterance.speaker == Speaker::kCustomer ? "customer" : "agent"},
             {"final", utterance.is_final},
             {"words", utterance.words}};
    if (!utterance.keywords.empty()) one["keywords"] = tags_json(utterance.keywords);
    json["utterances"].push_back(std::move(one));
  }
  if (call.embedding) {
    json["embedding"] = {{"encoder", call.embedding->encoder},
                         {"numbers", call.embedding->sum.size()},
                         {"seqs", call.embedding->seqs}};
  }
  return json;
}

Json ranking_json(const Recommendation& ranking) {
  Json items = Json::array();
  for (const ScoredItem& scored : ranking.ranked) {
    items.push_back({{"item", ranking.model->items[scored.item].value()}, {"score", scored.score}});
  }
  return {{"model", ranking.model->name}, {"items", std::move(items)}};
}

}  // namespace

std::string profile_json(const StoredProfile& profile, const Recommendation* ranking) {
  const Facts& facts = profile.facts;
  Json json;
  json["user"] = profile.user.value();
  json["shard"] = profile.shard.value();
  if (facts.identified_as) {
    json["identified_as"] = {{"user", facts.identified_as->user.value()},
                             {"time", to_rfc3339(facts.identified_as->time)}};
  }
  if (facts.forgotten_before != EventTime::never())
    json["forgotten_before"] = to_rfc3339(facts.forgotten_before);
  json["sessions"] = Json::array();
  for (const SessionFacts& session : facts.sessions) json["sessions"].push_back(session_json(session));
  json["calls"] = Json::array();
  for (const CallFacts& call : facts.calls) json["calls"].push_back(call_json(call));
  json["purchases"] = Json::array();
  for (const PurchaseFact& purchase : facts.purchases) {
    json["purchases"].push_back({{"purchase", purchase.id.value()},
                                 {"time", to_rfc3339(purchase.time)},
                                 {"items", items_json(purchase.items)}});
  }
  if (facts.portfolio) {
    json["portfolio"] = {{"time", to_rfc3339(facts.portfolio->time)},
                         {"items", items_json(facts.portfolio->items)}};
  }
  if (ranking != nullptr) json["recommendation"] = ranking_json(*ranking);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace eddy
