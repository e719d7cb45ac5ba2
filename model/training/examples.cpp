#include "model/training/examples.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

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
    add_purchase(event, *purchase, users_[person(event.user)]);
  } else if (const auto* known = std::get_if<Identify>(&event.body)) {
    identify(known->visitor, event.user);
  } else {
    fold(event, options_, users_[person(event.user)]);
  }
}

void ExampleBuilder::add_purchase(const Event& event, const Purchase& purchase, Facts& facts) {
  if (event.time <= facts.forgotten_before) return;
  const bool has_history = !facts.sessions.empty() || !facts.calls.empty();
  LearningExample example;
  if (has_history) example.facts = facts;
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

void cut_call(std::size_t turns, CallFacts& call) {
  std::size_t heard = 0;
  std::uint32_t last_seq = 0;
  for_each_winner(call, [&](const UtteranceFact& said) {
    if (said.speaker == Speaker::kCustomer && ++heard == turns) last_seq = said.seq;
  });
  if (heard < turns || turns == 0) return;
  std::erase_if(call.utterances, [&](const UtteranceFact& said) { return said.seq > last_seq; });
  call.ended.reset();
}

}  // namespace eddy
