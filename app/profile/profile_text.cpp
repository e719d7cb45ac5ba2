#include "app/profile/profile_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <utility>
#include <vector>

#include "state/profile/interactions.h"

namespace eddy {
namespace {

constexpr std::size_t kShownTags = 8;
constexpr std::size_t kBarWidth = 30;

std::string printable(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = '?';
  }
  return text;
}

std::string padded(std::string text, std::size_t width) {
  std::size_t shown = 0;  // characters, not bytes
  for (const char c : text) shown += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  if (shown < width) text.append(width - shown, ' ');
  return text;
}

/// "1 call", "3 calls"
std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// "2026-03-01 08:30:00"
std::string clock_time(EventTime time) {
  std::string text = to_rfc3339(time).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string duration(EventTime first, EventTime last) {
  const long long seconds = (last - first).count() / 1000;
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min";
  if (seconds < 48 * 3600)
    return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min";
  return std::to_string(seconds / 86400) + " days";
}

/// "car ×5, quote ×3, house and 4 more", the most frequent first.
std::string tag_summary(const std::map<std::string, std::size_t>& counts) {
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < std::min(sorted.size(), kShownTags); ++i) {
    text += (i == 0 ? "" : ", ") + printable(sorted[i].first);
    if (sorted[i].second > 1) text += " \xC3\x97" + std::to_string(sorted[i].second);
  }
  if (sorted.size() > kShownTags) text += " and " + std::to_string(sorted.size() - kShownTags) + " more";
  return text;
}

std::string session_text(const SessionFacts& session) {
  std::map<std::string, std::size_t> tags;
  for (const ActionFact& action : session.actions) {
    for (const std::string_view tag : action.tags) ++tags[std::string(tag)];
  }
  std::string text = counted(session.actions.size(), "action");
  if (!tags.empty()) text += ": " + tag_summary(tags);
  return text;
}

std::string call_text(const CallFacts& call) {
  std::size_t customer = 0, agent = 0, turns = 0, words = 0, partial = 0;
  std::map<std::string, std::size_t> keywords;
  const UtteranceFact* last = nullptr;
  for (std::size_t i = 0; i < call.utterances.size(); ++i) {
    if (call.is_shadowed(i)) continue;
    const UtteranceFact& utterance = call.utterances[i];
    ++(utterance.speaker == Speaker::kCustomer ? customer : agent);
    if (last == nullptr || last->speaker != utterance.speaker) ++turns;
    if (!utterance.is_final) ++partial;
    words += utterance.words.size();
    for (const std::string_view keyword : utterance.keywords) ++keywords[std::string(keyword)];
    last = &utterance;
  }
  std::string text = counted(customer + agent, "utterance") + " (customer " + std::to_string(customer) +
                     ", agent " + std::to_string(agent) + ") in " + counted(turns, "turn") + ", " +
                     counted(words, "word");
  if (partial > 0) text += ", " + std::to_string(partial) + " not final";
  if (!keywords.empty()) text += "; keywords: " + tag_summary(keywords);
  if (call.embedding) text += "; embeddings of " + counted(call.embedding->seqs.size(), "utterance");
  if (!call.ended) text += call.started ? "; not ended" : "";
  return text;
}

std::string items_text(const std::vector<ItemId>& items) {
  if (items.empty()) return "nothing";
  std::string text;
  for (const ItemId& item : items) text += (text.empty() ? "" : ", ") + printable(item.value());
  return text;
}

void append_interactions(const Facts& facts, std::string& out) {
  std::vector<Interaction> interactions;
  list_interactions(facts, interactions);
  if (interactions.empty()) return;
  out += "\nSessions and calls (UTC)\n";
  for (const Interaction& one : interactions) {
    const bool is_session = one.session != nullptr;
    const EventTime last = is_session ? one.session->last_time() : one.call->last_time();
    const std::string& id = is_session ? one.session->id.value() : one.call->id.value();
    const std::string name = (is_session ? "session " : "call ") + (id.empty() ? "-" : printable(id));
    out += "  " + clock_time(one.first_time()) + "  " + padded(name, 22) + "  " +
           padded(duration(one.first_time(), last), 9) + "  " +
           (is_session ? session_text(*one.session) : call_text(*one.call)) + "\n";
  }
}

void append_ranking(const Recommendation& ranking, std::string& out) {
  out += "\nRecommended by " + printable(ranking.model->name) + "\n";
  std::size_t width = 0;
  for (const ScoredItem& scored : ranking.ranked) {
    width = std::max(width, ranking.model->items[scored.item].value().size());
  }
  for (const ScoredItem& scored : ranking.ranked) {
    char score[16];
    std::snprintf(score, sizeof score, "%.4f", static_cast<double>(scored.score));
    const float share = std::clamp(scored.score, 0.0F, 1.0F);
    const auto bar = static_cast<std::size_t>(std::lround(share * static_cast<float>(kBarWidth)));
    out += "  " + padded(printable(ranking.model->items[scored.item].value()), width) + "  " + score + "  " +
           std::string(bar, '#') + "\n";
  }
  if (ranking.ranked.empty()) out += "  nothing that may be sold\n";
}

}  // namespace

std::string profile_line(const StoredProfile& profile) {
  const Facts& facts = profile.facts;
  return padded(printable(profile.user.value()), 24) + "  " + counted(facts.sessions.size(), "session") +
         ", " + counted(facts.calls.size(), "call") + ", " + counted(facts.purchases.size(), "purchase");
}

std::string profile_text(const StoredProfile& profile, const Recommendation* ranking) {
  const Facts& facts = profile.facts;
  std::string out = profile_line(profile) + "; shard " + std::to_string(profile.shard.value()) + "\n";
  if (facts.identified_as) {
    out += "Signed in as " + printable(facts.identified_as->user.value()) + " at " +
           clock_time(facts.identified_as->time) + ", whose profile has the facts\n";
  }
  if (facts.forgotten_before != EventTime::never()) {
    out += "Forgotten: everything up to " + clock_time(facts.forgotten_before) + "\n";
  }
  append_interactions(facts, out);
  if (!facts.purchases.empty()) {
    out += "\nPurchases\n";
    for (const PurchaseFact& purchase : facts.purchases) {
      out += "  " + clock_time(purchase.time) + "  " + items_text(purchase.items) + "\n";
    }
  }
  if (facts.portfolio) {
    out += "\nMay be sold since " + clock_time(facts.portfolio->time) + "\n  " +
           items_text(facts.portfolio->items) + "\n";
  }
  if (ranking != nullptr) append_ranking(*ranking, out);
  return out;
}

}  // namespace eddy
