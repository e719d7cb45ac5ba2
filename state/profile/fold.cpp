#include "state/profile/fold.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/fixed_point.h"
#include "base/hash.h"
#include "state/profile/fact_order.h"
#include "state/profile/forget.h"
#include "state/profile/words.h"

namespace eddy {
namespace {

std::vector<ItemId> sorted_set(std::vector<ItemId> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

/// A purchase without an id is the same purchase if time and items are the same.
EventId derived_id(EventTime time, const std::vector<ItemId>& items) {
  std::uint64_t hash = hash_combine(0, static_cast<std::uint64_t>(time.milliseconds));
  for (const ItemId& item : items) hash = hash_combine(hash, hash_bytes(item.value()));
  char text[24];
  std::snprintf(text, sizeof text, "~%016llx", static_cast<unsigned long long>(hash));
  return EventId(text);
}

/// Folds one event into one user's facts.
class Folder {
 public:
  Folder(const Event& event, const FoldOptions& options, Facts& facts)
      : event_(event), options_(options), facts_(facts) {}

  FoldOutcome operator()(const Action& action) {
    ActionFact fact{event_.time, {}};
    for (const std::string& tag : action.tags) fact.tags.insert(tag);
    if (action.session.value().empty()) {
      if (!add_separated_action(fact, options_, facts_)) return FoldOutcome::kUnchanged;
    } else {
      bool made = false;
      SessionFacts& session = session_of(action.session, facts_, made);
      if (!add_action(fact, options_, session)) return FoldOutcome::kUnchanged;
      session.revision = ++facts_.last_revision;
    }
    return limited();
  }

  FoldOutcome operator()(const Utterance& said) {
    UtteranceFact fact;
    fact.seq = said.seq;
    fact.is_final = said.is_final;
    fact.speaker = said.speaker;
    fact.time = event_.time;
    std::vector<std::uint32_t> words;
    hash_words(said.text, options_.max_words_per_utterance, words);
    words.shrink_to_fit();
    fact.set_words(std::move(words));
    for (const std::string& keyword : said.keywords) fact.keywords.insert(keyword);
    bool made = false;
    CallFacts& call = call_of(said.call, facts_, made);
    const bool has_embedding = said.is_final && !said.embedding.empty();
    if (has_embedding && call.embedding) {
      const EmbeddingSum& sum = *call.embedding;
      if (std::binary_search(sum.seqs.begin(), sum.seqs.end(), said.seq)) {
        const bool same =
            std::find(call.utterances.begin(), call.utterances.end(), fact) != call.utterances.end();
        return same ? FoldOutcome::kUnchanged : FoldOutcome::kConflict;
      }
      if (sum.sum.size() != said.embedding.size() || sum.encoder != said.encoder)
        return FoldOutcome::kConflict;
    }
    bool changed = add_utterance(std::move(fact), options_, call);
    if (has_embedding) {
      add_embedding(said, call);
      changed = true;
    }
    if (!changed && made) facts_.calls.pop_back();
    if (!changed) return FoldOutcome::kUnchanged;
    call.revision = ++facts_.last_revision;
    return limited();
  }

  FoldOutcome operator()(const CallStarted& started) { return take_later(started.call, &CallFacts::started); }
  FoldOutcome operator()(const CallEnded& ended) { return take_later(ended.call, &CallFacts::ended); }

  FoldOutcome operator()(const Purchase& purchase) {
    std::vector<ItemId> items = sorted_set(purchase.items);
    EventId id = event_.id.value().empty() ? derived_id(event_.time, items) : event_.id;
    return outcome(add_purchase({std::move(id), event_.time, std::move(items)}, options_, facts_));
  }

  FoldOutcome operator()(const Portfolio& portfolio) {
    return outcome(take_portfolio({event_.time, sorted_set(portfolio.items)}, facts_));
  }

  FoldOutcome operator()(const Identify&) { return FoldOutcome::kUnchanged; }
  FoldOutcome operator()(const Forget&) { return outcome(forget_before(event_.time, facts_)); }

 private:
  static FoldOutcome outcome(bool changed) {
    return changed ? FoldOutcome::kChanged : FoldOutcome::kUnchanged;
  }

  /// Drops what is beyond max_interactions. An event whose own interaction is dropped at once changed
  /// nothing.
  FoldOutcome limited() {
    const std::uint64_t newest = facts_.last_revision;
    restore_order_and_limit(options_, facts_);
    const auto is_newest = [&](const auto& interaction) { return interaction.revision == newest; };
    return outcome(std::any_of(facts_.sessions.begin(), facts_.sessions.end(), is_newest) ||
                   std::any_of(facts_.calls.begin(), facts_.calls.end(), is_newest));
  }

  FoldOutcome take_later(const CallId& id, std::optional<EventTime> CallFacts::*moment) {
    bool made = false;
    CallFacts& call = call_of(id, facts_, made);
    if (call.*moment && *(call.*moment) >= event_.time) return FoldOutcome::kUnchanged;
    call.*moment = event_.time;
    call.revision = ++facts_.last_revision;
    return limited();
  }

  void add_embedding(const Utterance& said, CallFacts& call) {
    if (!call.embedding) {
      call.embedding.emplace();
      call.embedding->encoder = said.encoder;
      call.embedding->sum.assign(said.embedding.size(), 0);
      call.embedding_time = event_.time;
    }
    EmbeddingSum& sum = *call.embedding;
    for (std::size_t i = 0; i < sum.sum.size(); ++i) sum.sum[i] += to_fixed_point(said.embedding[i]);
    sum.seqs.insert(std::lower_bound(sum.seqs.begin(), sum.seqs.end(), said.seq), said.seq);
    call.embedding_time = std::min(call.embedding_time, event_.time);
  }

  const Event& event_;
  const FoldOptions& options_;
  Facts& facts_;
};

}  // namespace

FoldOutcome fold(const Event& event, const FoldOptions& options, Facts& facts) {
  if (event.time <= facts.forgotten_before) return FoldOutcome::kUnchanged;
  return std::visit(Folder(event, options, facts), event.body);
}

}  // namespace eddy
