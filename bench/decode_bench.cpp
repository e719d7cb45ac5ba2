// Time per record of reading events from JSON. One core; `decode_bench --benchmark_repetitions=5`.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "fakes/shard_in_memory.h"
#include "operators/decode/decode_operator.h"
#include "operators/decode/json_event_reader.h"

namespace eddy {
namespace {

std::string action(int i) {
  return R"({"type":"action","id":"a-0123456789abcdef0123456789ab)" + std::to_string(1000 + i % 9000) +
         R"(","user":"u-)" + std::to_string(i * 7919 % 100000) + R"(","session":"s-0123456789ab)" +
         std::to_string(1000 + i % 9000) + R"(","time":)" + std::to_string(1700000000000 + i) +
         R"(,"tags":["t)" + std::to_string(i % 512) + R"(","t)" + std::to_string(i * 31 % 512) + R"(","t)" +
         std::to_string(i * 17 % 512) +
         R"("],"page":"/insurance/household/claims/new?step=2","referrer":"https://www.example.com/search"})";
}

std::string utterance(int i) {
  return R"({"type":"utterance","id":"c-0123456789abcdef-)" + std::to_string(i % 10) + R"(","user":"u-)" +
         std::to_string(i * 7919 % 100000) + R"(","call":"c-0123456789abcdef","seq":)" +
         std::to_string(i % 10) + R"(,"time":"2026-03-01T09:30:00.250Z","speaker":"customer","text":")" +
         R"(good morning I am calling because the storm last night took some tiles off our roof and the rain came in, so )" +
         R"(the ceiling in the bedroom is wet and I would like to know whether my house insurance covers that, and )" +
         R"(what I should do now"})";
}

void read(benchmark::State& state, std::string (*make)(int)) {
  std::string bytes;
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (int i = 0; i < 1024; ++i) {
    const std::string json = make(i);
    places.emplace_back(bytes.size(), json.size());
    bytes += json;
  }
  const std::size_t size = bytes.size();
  bytes.append(Batch::kPadding, ' ');
  JsonEventReader reader;
  Event event;
  std::size_t at = 0;
  for (auto _ : state) {
    const auto [begin, length] = places[at++ % places.size()];
    if (!reader.read(std::string_view(bytes).substr(begin, length), event)) state.SkipWithError("refused");
    benchmark::DoNotOptimize(event);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes_per_record"] = static_cast<double>(size) / 1024;
}

void BM_read_action(benchmark::State& state) {
  read(state, action);
}
void BM_read_utterance(benchmark::State& state) {
  read(state, utterance);
}
BENCHMARK(BM_read_action);
BENCHMARK(BM_read_utterance);

/// The operator over batches of 1,024 actions, allocations of the events included.
void BM_decode_batch(benchmark::State& state) {
  ShardInMemory shard;
  auto made = make_operator(*make_decode_factory(), {});
  if (!made || !(*made)->open(shard.context())) return state.SkipWithError("cannot make decode");
  std::vector<std::string> values;
  for (int i = 0; i < 1024; ++i) values.push_back(action(i));
  Batch batch = shard.batch(values);
  for (auto _ : state) {
    if (!(*made)->process(batch, {})) state.SkipWithError("failed");
    benchmark::DoNotOptimize(batch.items.data());
  }
  state.SetItemsProcessed(state.iterations() * 1024);
}
BENCHMARK(BM_decode_batch);

}  // namespace
}  // namespace eddy

BENCHMARK_MAIN();
