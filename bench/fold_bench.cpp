// Time per event of folding into facts, on the shapes of the standard work: sessions of about 8 actions with
// 3 of 512 tags, calls of about 10 utterances of a dozen words. One core; `fold_bench
// --benchmark_repetitions=5`.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "fakes/shard_in_memory.h"
#include "operators/fold/fold_operator.h"
#include "state/profile/fold.h"

namespace eddy {
namespace {

constexpr std::size_t kUsers = 1000;

/// Ten events for each user, three quarters of them actions.
std::vector<Event> standard_events() {
  std::mt19937 random(20260301);
  std::vector<Event> events;
  for (std::size_t i = 0; i < 10 * kUsers; ++i) {
    Event event;
    const auto user = static_cast<std::size_t>(random() % kUsers);
    event.user = UserId("u-" + std::to_string(user));
    event.id = EventId("e-" + std::to_string(i));
    event.time = EventTime{1700000000000 + static_cast<std::int64_t>(i)};
    const auto number = random() % 8;
    if (random() % 4 != 0) {
      Action action;
      action.session = SessionId("s-" + std::to_string(user) + "-" + std::to_string(i / (8 * kUsers)));
      for (int t = 0; t < 3; ++t) action.tags.push_back("t" + std::to_string(random() % 512));
      event.body = std::move(action);
    } else {
      Utterance said;
      said.call = CallId("c-" + std::to_string(user));
      said.seq = static_cast<std::uint32_t>(i);
      for (auto w = 0U; w < 10 + number; ++w) said.text += "word" + std::to_string(random() % 5000) + " ";
      event.body = std::move(said);
    }
    events.push_back(std::move(event));
  }
  return events;
}

void BM_fold(benchmark::State& state) {
  const std::vector<Event> events = standard_events();
  const FoldOptions options;
  std::vector<Facts> facts(kUsers);
  std::size_t at = 0;
  for (auto _ : state) {
    if (at == events.size()) {
      state.PauseTiming();
      facts.assign(kUsers, Facts());
      at = 0;
      state.ResumeTiming();
    }
    const Event& event = events[at++];
    const auto user = std::stoul(event.user.value().substr(2));
    benchmark::DoNotOptimize(fold(event, options, facts[user]));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_fold);

/// The same event again: what a duplicate costs.
void BM_fold_duplicate(benchmark::State& state) {
  const std::vector<Event> events = standard_events();
  const FoldOptions options;
  std::vector<Facts> facts(kUsers);
  for (const Event& event : events) fold(event, options, facts[std::stoul(event.user.value().substr(2))]);
  std::size_t at = 0;
  for (auto _ : state) {
    const Event& event = events[at++ % events.size()];
    benchmark::DoNotOptimize(fold(event, options, facts[std::stoul(event.user.value().substr(2))]));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_fold_duplicate);

/// The operator over one round of 1,000 users, with what the cache of hot profiles asks for.
void BM_fold_round(benchmark::State& state) {
  ShardInMemory shard;
  auto made = make_operator(*make_fold_factory(), {});
  if (!made || !(*made)->open(shard.context())) return state.SkipWithError("cannot make fold");
  Batch batch{ShardId(0)};
  std::vector<Item*> items;
  batch.items.resize(kUsers);
  for (std::size_t i = 0; i < kUsers; ++i) {
    Item& item = batch.items[i];
    item.profile = &shard.profile("u-" + std::to_string(i));
    Action action;
    action.session = SessionId("s");
    action.tags = {"t1", "t2", "t3"};
    item.event.body = std::move(action);
    items.push_back(&item);
  }
  std::int64_t round = 0;
  for (auto _ : state) {
    state.PauseTiming();
    // Sessions of eight actions.
    ++round;
    for (Item* item : items) {
      item->event.time = EventTime{1700000000000 + round};
      if (round % 8 == 0) std::get<Action>(item->event.body).session = SessionId("s" + std::to_string(round));
    }
    state.ResumeTiming();
    if (!(*made)->process(batch, items)) state.SkipWithError("failed");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kUsers));
}
BENCHMARK(BM_fold_round);

}  // namespace
}  // namespace eddy

BENCHMARK_MAIN();
