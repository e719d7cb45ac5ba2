// µs per refresh by batch size, beside the time of its matrix products alone in sgemm, measured in turns so
// that other work on the machine slows both alike. Run: refresh_bench --benchmark_repetitions=5
#include <benchmark/benchmark.h>
#include <cblas.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "fakes/random_latent_feature.h"
#include "model/torch_runtime.h"
#include "state/profile/fold.h"
#include "state/profile/profile.h"

namespace eddy {
namespace {

constexpr std::size_t kTags = 512;
constexpr std::size_t kItems = 24;
constexpr std::size_t kWords = 4000;
constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kDistinctUsers = 4096;  // their caches are larger than the processor's

/// What a user's last event was, and what is cached of the history before it.
enum class Work {
  kOpenSession,  ///< an action of the open session; the latent and its gates are cached
  kOpenCall,     ///< an utterance of the open call; likewise
  kCold,         ///< nothing is cached: the whole history
};

std::shared_ptr<const RecommenderModel> served_model() {
  static const auto kModel = [] {
    NetworkShape shape;
    shape.tags = kTags;
    shape.items = kItems;
    shape.buckets = 1U << 18U;
    return RandomLatentFeature(shape, kSeed, true, 0.1).model();
  }();
  return kModel;
}

/// The standard work: a session is eight actions with 3 tags, a call ten utterances of a dozen words. A
/// history is two finished interactions and the open one, half done.
class Users {
 public:
  Users(std::size_t count, bool open_call) : profiles_(count) {
    for (Profile& profile : profiles_) {
      for (int i = 0; i < 8; ++i) act(profile.facts, 0, i);
      for (int i = 0; i < 10; ++i) say(profile.facts, 1, i);
      for (int i = 0; i < (open_call ? 5 : 4); ++i) {
        open_call ? say(profile.facts, 2, i) : act(profile.facts, 2, i);
      }
    }
  }

  std::vector<Profile>& profiles() { return profiles_; }

 private:
  void act(Facts& facts, int interaction, int number) {
    Action action{SessionId("session-" + std::to_string(interaction)), {}};
    for (int i = 0; i < 3; ++i) action.tags.push_back("tag-" + std::to_string(random_() % kTags));
    add(facts, interaction, number, std::move(action));
  }
  void say(Facts& facts, int interaction, int number) {
    Utterance said;
    said.call = CallId("call-" + std::to_string(interaction));
    said.seq = static_cast<std::uint32_t>(number);
    for (int i = 0; i < 12; ++i) said.text += "word" + std::to_string(random_() % kWords) + " ";
    add(facts, interaction, number, std::move(said));
  }
  static void add(Facts& facts, int interaction, int number, EventBody body) {
    Event event;
    event.time = EventTime{1'772'323'200'000 + interaction * 86'400'000LL + number * 1000};
    event.body = std::move(body);
    fold(event, FoldOptions{}, facts);
  }

  std::mt19937_64 random_{kSeed};
  std::vector<Profile> profiles_;
};

/// The products of a batch of refreshes, and nothing else. The same sgemm, on buffers of the same size.
class Products {
 public:
  explicit Products(std::size_t rows) : rows_(rows), in_(rows * 256, 0.1F), out_(rows * 768) {
    weights_.resize(256 * 768, 0.01F);
    head_.resize(256 * 256, 0.01F);
    input_.resize(128 * 768, 0.01F);
  }

  /// `steps` GRU steps, of which `hidden_products` multiply the latent, then the head.
  void run(int steps, int hidden_products, int calls) {
    for (int i = 0; i < steps; ++i) multiply(128, 768, input_);
    for (int i = 0; i < hidden_products; ++i) multiply(256, 768, weights_);
    for (int i = 0; i < calls; ++i) multiply(64, 128, input_);
    multiply(256, 256, head_);
    multiply(256, static_cast<int>(kItems), head_);
    benchmark::DoNotOptimize(out_.data());
  }

 private:
  void multiply(int in, int out, const std::vector<float>& b) {
    constexpr std::size_t kMostRows = 256;
    for (std::size_t done = 0; done < rows_; done += kMostRows) {
      const int rows = static_cast<int>(std::min(kMostRows, rows_ - done));
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, out, in, 1.0F, in_.data(), in, b.data(),
                  out, 0.0F, out_.data(), out);
    }
  }

  const std::size_t rows_;
  std::vector<float> in_, out_, weights_, head_, input_;
};

/// Processor time of this thread: all work here is on one.
double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void refresh(benchmark::State& state, Work work) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const auto recommender = served_model()->make_recommender();
  Users users(std::max(kDistinctUsers, rows), work == Work::kOpenCall);
  auto& profiles = users.profiles();
  Products products(rows);
  std::vector<float> scores(rows * kItems);
  std::vector<RefreshRequest> requests(rows);
  double refresh_seconds = 0;
  double product_seconds = 0;
  std::size_t next = 0;
  const auto one_batch = [&] {
    if (next + rows > profiles.size()) next = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      Profile& profile = profiles[next + i];
      Facts& facts = profile.facts;
      // What a fold does to the open interaction, without its cost.
      auto& revision = work == Work::kOpenCall ? facts.calls.back().revision : facts.sessions.back().revision;
      revision = ++facts.last_revision;
      if (work == Work::kCold) profile.cache.reset();
      requests[i] = {&facts, &profile.cache, scores.data() + i * kItems};
    }
    next += rows;
    const double start = processor_seconds();
    const bool refreshed = recommender->refresh(requests).has_value();
    if (!refreshed) state.SkipWithError("refresh failed");
    return processor_seconds() - start;
  };
  for (std::size_t i = 0; i < profiles.size(); i += rows) one_batch();  // fills the caches
  for (auto _ : state) {
    const double seconds = one_batch();
    refresh_seconds += seconds;
    state.SetIterationTime(seconds);
    const double start = processor_seconds();
    if (work == Work::kCold) {
      products.run(3, 2, 1);
    } else {
      products.run(1, 0, work == Work::kOpenCall ? 1 : 0);
    }
    product_seconds += processor_seconds() - start;
  }
  const double refreshes = static_cast<double>(state.iterations()) * static_cast<double>(rows);
  state.counters["us_per_refresh"] = refresh_seconds * 1e6 / refreshes;
  state.counters["us_of_products"] = product_seconds * 1e6 / refreshes;
  state.counters["ratio"] = refresh_seconds / product_seconds;
}

BENCHMARK_CAPTURE(refresh, open_session, Work::kOpenSession)
    ->RangeMultiplier(4)
    ->Range(1, 1024)
    ->UseManualTime();
BENCHMARK_CAPTURE(refresh, open_call, Work::kOpenCall)->RangeMultiplier(4)->Range(1, 1024)->UseManualTime();
BENCHMARK_CAPTURE(refresh, cold_history, Work::kCold)->RangeMultiplier(4)->Range(1, 1024)->UseManualTime();

}  // namespace
}  // namespace eddy

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  eddy::use_one_torch_thread();
  if (const auto warning = eddy::blas_warning()) std::fprintf(stderr, "%s\n", warning->c_str());
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
