// Time per utterance of making vectors of texts, with a network of the size of all-MiniLM-L6-v2 and weights
// that nobody trained. One core; `encode_bench --benchmark_repetitions=5`.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/small_text_encoder.h"
#include "model/torch_runtime.h"

namespace eddy {
namespace {

std::shared_ptr<const TextEncoder> make_encoder() {
  const TemporaryDirectory directory;
  TextEncoderSizes sizes;
  sizes.hidden = 384;
  sizes.intermediate = 1536;
  sizes.positions = 512;
  sizes.layers = 6;
  sizes.heads = 12;
  SmallTextEncoder(1, sizes).write(directory.path());
  return TextEncoder::load(directory.path()).value();
}

/// An utterance of 10 pieces, another one for each number.
std::string utterance(int number) {
  std::string text = "word word word word word word ";
  for (int digit = 0; digit < 4; ++digit, number /= 10) text += std::to_string(number % 10) + " ";
  return text;
}

void BM_encode(benchmark::State& state) {
  static const auto kEncoder = make_encoder();
  std::vector<std::string> texts;
  for (int i = 0; i < state.range(0); ++i) texts.push_back(utterance(i));
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<float> vectors;
  for (auto _ : state) {
    if (!kEncoder->encode(views, vectors)) state.SkipWithError("not encoded");
    benchmark::DoNotOptimize(vectors.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["tokens"] = static_cast<double>(kEncoder->tokenizer().tokenize(texts.front()).size());
  state.counters["s_per_utterance"] =
      benchmark::Counter(static_cast<double>(state.range(0)),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_encode)->Arg(1)->Arg(4)->Arg(16)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace eddy

int main(int argc, char** argv) {
  eddy::use_one_torch_thread();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
