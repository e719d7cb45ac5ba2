// What a profile costs in RocksDB: µs per read and per write, and bytes per user on disk, with the profiles
// that the standard work leaves (1,000,000 events of 100,000 users; eddy simulate --standard-work).
//
//     store_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
//
// EDDY_BENCH_EVENTS and EDDY_BENCH_USERS change the size of the work.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "event/batch.h"
#include "fakes/temporary_directory.h"
#include "operators/decode/json_event_reader.h"
#include "simulate/standard_work.h"
#include "state/profile/fold.h"
#include "state/profile/profile_codec.h"
#include "state/store/rocks_profile_store.h"

namespace eddy {
namespace {

template <class T>
T or_exit(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", to_string(result.error()).c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

std::size_t size_from_environment(const char* name, std::size_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

/// Folds what it is given.
class FoldingWriter final : public RecordWriter {
 public:
  Result<void> write(InputChannel /*channel*/, std::string_view /*key*/, std::string_view record) override {
    padded_.assign(record);
    padded_.append(Batch::kPadding, ' ');
    EDDY_TRY(reader_.read(std::string_view(padded_).substr(0, record.size()), event_));
    fold(event_, FoldOptions(), facts[event_.user]);
    return {};
  }
  Result<void> finish() override { return {}; }

  std::unordered_map<UserId, Facts> facts;

 private:
  JsonEventReader reader_;
  std::string padded_;
  Event event_;
};

/// The standard work's profiles, encoded, in a store that was flushed and compacted.
class StandardStore {
  TemporaryDirectory directory_;  // first: it goes when the store in it has gone
  StoreResources resources_{StoreOptions()};

 public:
  static StandardStore& instance() {
    static StandardStore store;
    return store;
  }

  std::vector<UserId> users;
  std::vector<std::string> profiles;
  std::unique_ptr<RocksProfileStore> store;
  std::size_t encoded_bytes = 0;
  std::uint64_t disk_bytes = 0;

 private:
  static constexpr std::size_t kUnit = 1000;

  StandardStore() {
    StandardWorkOptions work;
    work.events = size_from_environment("EDDY_BENCH_EVENTS", work.events);
    work.users = size_from_environment("EDDY_BENCH_USERS", work.users);
    FoldingWriter folded;
    or_exit(write_standard_work(work, folded));
    store = or_exit(RocksProfileStore::open(directory_.path() / "shard-0", resources_));
    UnitOfCommit unit;
    for (const auto& [user, facts] : folded.facts) {
      users.push_back(user);
      encode_facts(facts, profiles.emplace_back());
      encoded_bytes += profiles.back().size();
      unit.profiles.emplace_back(user, profiles.back());
      if (unit.profiles.size() < kUnit) continue;
      or_exit(store->commit(unit));
      unit.profiles.clear();
    }
    or_exit(store->commit(unit));
    or_exit(store->compact());
    disk_bytes = store->table_bytes();
    std::printf("%zu users: %.1f bytes encoded, %.1f bytes on disk, each\n", users.size(),
                static_cast<double>(encoded_bytes) / static_cast<double>(users.size()),
                static_cast<double>(disk_bytes) / static_cast<double>(users.size()));
  }
};

/// Reads `range(0)` random users at a time.
void read_profiles(benchmark::State& state) {
  StandardStore& standard = StandardStore::instance();
  std::mt19937_64 random(1);
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<UserId> users(count);
  std::vector<std::optional<Facts>> facts(count);
  for (auto _ : state) {
    state.PauseTiming();
    for (UserId& user : users) user = standard.users[random() % standard.users.size()];
    state.ResumeTiming();
    or_exit(standard.store->load(users, facts));
    benchmark::DoNotOptimize(facts.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes_per_user"] =
      static_cast<double>(standard.disk_bytes) / static_cast<double>(standard.users.size());
}
BENCHMARK(read_profiles)->Arg(1)->Arg(64)->Arg(1000)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// Commits `range(0)` random users at a time, with a position; the log is written, not waited for.
void write_profiles(benchmark::State& state) {
  StandardStore& standard = StandardStore::instance();
  std::mt19937_64 random(2);
  UnitOfCommit unit;
  std::int64_t offset = 0;
  for (auto _ : state) {
    state.PauseTiming();
    unit.profiles.clear();
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      const std::size_t one = random() % standard.users.size();
      unit.profiles.emplace_back(standard.users[one], standard.profiles[one]);
    }
    unit.positions[{"web", 0}] = ++offset;
    state.ResumeTiming();
    or_exit(standard.store->commit(unit));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(write_profiles)->Arg(1)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// One profile, facts to bytes and back: a part of what reads and writes above cost.
void encode_profile(benchmark::State& state) {
  StandardStore& standard = StandardStore::instance();
  const Facts facts = or_exit(decode_facts(standard.profiles.front()));
  std::string bytes;
  for (auto _ : state) {
    encode_facts(facts, bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
}
BENCHMARK(encode_profile);

void decode_profile(benchmark::State& state) {
  StandardStore& standard = StandardStore::instance();
  std::size_t next = 0;
  for (auto _ : state) {
    const auto facts = decode_facts(standard.profiles[next++ % standard.profiles.size()]);
    benchmark::DoNotOptimize(facts.has_value());
  }
}
BENCHMARK(decode_profile);

}  // namespace
}  // namespace eddy

BENCHMARK_MAIN();
