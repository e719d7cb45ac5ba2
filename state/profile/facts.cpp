#include "state/profile/facts.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/hash.h"

namespace eddy {
namespace {

std::size_t heap_bytes(const std::string& text) {
  constexpr std::size_t kInline = 15;  // libstdc++ keeps this many in place
  return text.capacity() > kInline ? text.capacity() + 1 : 0;
}

std::size_t heap_bytes(const std::vector<ItemId>& items) {
  std::size_t bytes = items.capacity() * sizeof(ItemId);
  for (const ItemId& item : items) bytes += heap_bytes(item.value());
  return bytes;
}

std::size_t heap_bytes(const CallFacts& call) {
  std::size_t bytes = heap_bytes(call.id.value()) + call.utterances.capacity() * sizeof(UtteranceFact);
  for (const UtteranceFact& utterance : call.utterances) {
    bytes += utterance.words.capacity() * sizeof(std::uint32_t) + heap_bytes(utterance.keywords.bytes());
  }
  if (call.embedding) {
    bytes += call.embedding->sum.capacity() * sizeof(std::int64_t) +
             call.embedding->seqs.capacity() * sizeof(std::uint32_t) + heap_bytes(call.embedding->encoder);
  }
  return bytes;
}

}  // namespace

void UtteranceFact::set_words(std::vector<std::uint32_t> hashes) {
  words = std::move(hashes);
  const std::string_view bytes(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(words[0]));
  words_digest = words.empty() ? 0 : hash_bytes(bytes);
}

EventTime CallFacts::first_time() const {
  EventTime first = kLatestEventTime;
  if (started) first = std::min(first, *started);
  if (ended) first = std::min(first, *ended);
  for (const UtteranceFact& utterance : utterances) first = std::min(first, utterance.time);
  if (embedding) first = std::min(first, embedding_time);
  return first;
}

EventTime CallFacts::last_time() const {
  EventTime last = EventTime::never();
  if (started) last = std::max(last, *started);
  if (ended) last = std::max(last, *ended);
  for (const UtteranceFact& utterance : utterances) last = std::max(last, utterance.time);
  if (embedding) last = std::max(last, embedding_time);
  return last;
}

bool CallFacts::operator==(const CallFacts& other) const {
  return id == other.id && started == other.started && ended == other.ended &&
         utterances == other.utterances && embedding == other.embedding &&
         (!embedding || embedding_time == other.embedding_time);
}

bool Facts::empty() const {
  return sessions.empty() && calls.empty() && purchases.empty() && !portfolio && !identified_as &&
         forgotten_before == EventTime::never();
}

bool Facts::operator==(const Facts& other) const {
  return sessions == other.sessions && calls == other.calls && purchases == other.purchases &&
         portfolio == other.portfolio && identified_as == other.identified_as &&
         forgotten_before == other.forgotten_before;
}

EventTime last_event_time(const Facts& facts) {
  EventTime last = EventTime::never();
  for (const auto& session : facts.sessions) last = std::max(last, session.last_time());
  for (const auto& call : facts.calls) last = std::max(last, call.last_time());
  for (const auto& purchase : facts.purchases) last = std::max(last, purchase.time);
  return last;
}

std::size_t memory_bytes(const Facts& facts) {
  std::size_t bytes = sizeof(Facts);
  bytes += facts.sessions.capacity() * sizeof(SessionFacts);
  for (const SessionFacts& session : facts.sessions) {
    bytes += heap_bytes(session.id.value()) + session.actions.capacity() * sizeof(ActionFact);
    for (const ActionFact& action : session.actions) bytes += heap_bytes(action.tags.bytes());
  }
  bytes += facts.calls.capacity() * sizeof(CallFacts);
  for (const CallFacts& call : facts.calls) bytes += heap_bytes(call);
  bytes += facts.purchases.capacity() * sizeof(PurchaseFact);
  for (const PurchaseFact& purchase : facts.purchases) {
    bytes += heap_bytes(purchase.id.value()) + heap_bytes(purchase.items);
  }
  if (facts.portfolio) bytes += heap_bytes(facts.portfolio->items);
  return bytes;
}

}  // namespace eddy
