#include "state/profile/merge.h"

#include <algorithm>
#include <utility>

#include "state/profile/fact_order.h"
#include "state/profile/forget.h"

namespace eddy {
namespace {

bool merge_session(SessionFacts&& from, const FoldOptions& options, Facts& into) {
  bool changed = false;
  if (from.id.value().empty()) {
    for (const ActionFact& action : from.actions) changed |= add_separated_action(action, options, into);
    return changed;
  }
  bool made = false;
  SessionFacts& session = session_of(from.id, into, made);
  for (const ActionFact& action : from.actions) changed |= add_action(action, options, session);
  if (changed) session.revision = ++into.last_revision;
  return changed;
}

bool take_later(const std::optional<EventTime>& from, std::optional<EventTime>& into) {
  if (!from || (into && *into >= *from)) return false;
  into = from;
  return true;
}

/// Sums of different utterances add up; where both hold the same one, the sum that is there stays.
bool merge_embedding(CallFacts& from, CallFacts& into) {
  if (!from.embedding) return false;
  if (!into.embedding) {
    into.embedding = std::move(from.embedding);
    into.embedding_time = from.embedding_time;
    return true;
  }
  EmbeddingSum& a = *into.embedding;
  const EmbeddingSum& b = *from.embedding;
  std::vector<std::uint32_t> both;
  std::set_intersection(a.seqs.begin(), a.seqs.end(), b.seqs.begin(), b.seqs.end(), std::back_inserter(both));
  if (!both.empty() || a.encoder != b.encoder || a.sum.size() != b.sum.size()) return false;
  for (std::size_t i = 0; i < a.sum.size(); ++i) a.sum[i] += b.sum[i];
  std::vector<std::uint32_t> seqs;
  std::merge(a.seqs.begin(), a.seqs.end(), b.seqs.begin(), b.seqs.end(), std::back_inserter(seqs));
  a.seqs = std::move(seqs);
  into.embedding_time = std::min(into.embedding_time, from.embedding_time);
  return true;
}

bool merge_call(CallFacts&& from, const FoldOptions& options, Facts& into) {
  bool made = false;
  CallFacts& call = call_of(from.id, into, made);
  bool changed = take_later(from.started, call.started);
  changed |= take_later(from.ended, call.ended);
  for (UtteranceFact& utterance : from.utterances)
    changed |= add_utterance(std::move(utterance), options, call);
  changed |= merge_embedding(from, call);
  if (changed) call.revision = ++into.last_revision;
  return changed;
}

}  // namespace

bool merge(Facts&& from, const FoldOptions& options, Facts& into) {
  bool changed = forget_before(from.forgotten_before, into);
  if (into.forgotten_before > from.forgotten_before) forget_before(into.forgotten_before, from);
  for (SessionFacts& session : from.sessions) changed |= merge_session(std::move(session), options, into);
  for (CallFacts& call : from.calls) changed |= merge_call(std::move(call), options, into);
  for (PurchaseFact& purchase : from.purchases) changed |= add_purchase(std::move(purchase), options, into);
  if (from.portfolio) changed |= take_portfolio(std::move(*from.portfolio), into);
  restore_order_and_limit(options, into);
  const std::uint64_t last_revision = from.last_revision;
  from = Facts{};
  from.last_revision = last_revision;  // a cache of what was here must not fit what comes next
  return changed;
}

}  // namespace eddy
