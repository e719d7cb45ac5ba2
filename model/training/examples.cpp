#include "model/training/examples.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/fixed_point.h"
#include "model/features/call_features.h"
#include "state/profile/merge.h"

namespace eddy {

std::string_view to_string(ExampleKind kind) noexcept {
  switch (kind) {
    case ExampleKind::kSessionsOnly:
      return "sessions only";
    case ExampleKind::kCallsOnly:
      return "calls only";
    case ExampleKind::kBoth:
      return "both";
  }
  return "unknown";
}

void ExampleBuilder::add(const Event& event) {
  if (const auto* purchase = std::get_if<Purchase>(&event.body)) {
    add_purchase(event, *purchase, person(event.user));
  } else if (const auto* known = std::get_if<Identify>(&event.body)) {
    identify(known->visitor, event.user);
  } else {
    const FoldOutcome outcome = fold(event, options_, users_[person(event.user)]);
    const auto* said = std::get_if<Utterance>(&event.body);
    if (keeps_vectors_ && said != nullptr && said->is_final && !said->embedding.empty() &&
        outcome == FoldOutcome::kChanged)
      vectors_[said->call][said->seq] = std::make_shared<const std::vector<float>>(said->embedding);
  }
}

void ExampleBuilder::add_purchase(const Event& event, const Purchase& purchase, const UserId& user) {
  Facts& facts = users_[user];
  if (event.time <= facts.forgotten_before) return;
  const bool has_history = !facts.sessions.empty() || !facts.calls.empty();
  LearningExample example;
  if (has_history) {
    example.facts = facts;
    if (keeps_vectors_) example.last_call_vectors = last_call_vectors(facts);
  }
  if (fold(event, options_, facts) != FoldOutcome::kChanged) {
    ++set_.purchases_repeated;
    return;
  }
  if (!has_history || purchase.items.empty()) {
    ++set_.purchases_without_interaction;
    return;
  }
  example.bought = purchase.items;
  std::sort(example.bought.begin(), example.bought.end());
  example.bought.erase(std::unique(example.bought.begin(), example.bought.end()), example.bought.end());
  example.time = event.time;
  example.user = user;
  if (facts.calls.empty()) {
    example.kind = ExampleKind::kSessionsOnly;
  } else {
    example.kind = facts.sessions.empty() ? ExampleKind::kCallsOnly : ExampleKind::kBoth;
  }
  set_.examples.push_back(std::move(example));
}

void ExampleBuilder::identify(const UserId& visitor, const UserId& user) {
  const UserId from = person(visitor);
  const UserId into = person(user);
  if (from == into) return;
  if (auto known = users_.extract(from)) merge(std::move(known.mapped()), options_, users_[into]);
  identified_[from] = into;
}

const UserId& ExampleBuilder::person(const UserId& user) const {
  const UserId* known = &user;
  for (auto next = identified_.find(*known); next != identified_.end(); next = identified_.find(*known))
    known = &next->second;
  return *known;
}

std::vector<UtteranceVector> ExampleBuilder::last_call_vectors(const Facts& facts) const {
  const CallFacts* call = last_call(facts);
  const auto known = call == nullptr ? vectors_.end() : vectors_.find(call->id);
  if (known == vectors_.end() || !call->embedding) return {};
  std::vector<UtteranceVector> vectors;
  std::vector<std::int64_t> rest = call->embedding->sum;
  for (const std::uint32_t seq : call->embedding->seqs) {
    const auto found = known->second.find(seq);
    if (found == known->second.end() || found->second->size() != rest.size()) return {};
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= to_fixed_point((*found->second)[i]);
    vectors.push_back({seq, found->second});
  }
  // Two users may have calls of one name, and a forgotten one may come again: what does not add up is not
  // cut.
  const bool adds_up = std::all_of(rest.begin(), rest.end(), [](std::int64_t value) { return value == 0; });
  return adds_up ? vectors : std::vector<UtteranceVector>{};
}

ExampleSet build_examples(std::span<const Event> events, const FoldOptions& options) {
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return events[a].time < events[b].time; });
  ExampleBuilder builder(options);
  for (const std::size_t index : order) builder.add(events[index]);
  return std::move(builder).take();
}

ExampleSplit split_examples(std::size_t examples, double validation_share, double test_share) {
  const auto share_of = [](double share, std::size_t of) {
    const double count = std::round(share * static_cast<double>(of));
    return std::min(of, static_cast<std::size_t>(std::max(0.0, count)));
  };
  ExampleSplit split;
  split.test = share_of(test_share, examples);
  split.validation = share_of(validation_share, examples - split.test);
  split.train = examples - split.test - split.validation;
  return split;
}

ExampleSpans spans_of(std::span<const LearningExample> examples, const ExampleSplit& split) {
  return {examples.first(split.train), examples.subspan(split.train, split.validation),
          examples.last(split.test)};
}

CallFacts* last_call(Facts& facts) {
  return facts.calls.empty() ? nullptr : &facts.calls.back();
}
const CallFacts* last_call(const Facts& facts) {
  return facts.calls.empty() ? nullptr : &facts.calls.back();
}

std::size_t customer_turns(const CallFacts& call) {
  std::size_t turns = 0;
  for_each_winner(call, [&](const UtteranceFact& said) { turns += said.speaker == Speaker::kCustomer; });
  return turns;
}

namespace {

/// Takes the vectors of what was said after `last_seq` out of the sum.
void cut_embedding(std::uint32_t last_seq, std::span<const UtteranceVector> vectors, CallFacts& call) {
  if (!call.embedding || vectors.empty()) return;
  EmbeddingSum& sum = *call.embedding;
  for (const UtteranceVector& part : vectors) {
    if (part.seq <= last_seq) continue;
    for (std::size_t i = 0; i < sum.sum.size(); ++i) sum.sum[i] -= to_fixed_point((*part.vector)[i]);
  }
  std::erase_if(sum.seqs, [&](std::uint32_t seq) { return seq > last_seq; });
  if (sum.seqs.empty()) call.embedding.reset();
}

}  // namespace

void cut_call(std::size_t turns, CallFacts& call, std::span<const UtteranceVector> vectors) {
  std::size_t heard = 0;
  std::uint32_t last_seq = 0;
  for_each_winner(call, [&](const UtteranceFact& said) {
    if (said.speaker == Speaker::kCustomer && ++heard == turns) last_seq = said.seq;
  });
  if (heard < turns || turns == 0) return;
  std::erase_if(call.utterances, [&](const UtteranceFact& said) { return said.seq > last_seq; });
  cut_embedding(last_seq, vectors, call);
  call.ended.reset();
}

}  // namespace eddy
