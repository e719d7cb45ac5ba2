#include "app/encoded_examples.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <variant>
#include <vector>

#include "app/progress.h"
#include "model/text/utterance_vectors.h"

namespace eddy {
namespace {

// Between two steps of the progress bar.
constexpr std::size_t kUtterancesAtOnce = 1024;

}  // namespace

Result<void> encode_events(std::span<Event> events, const TextEncoder& encoder, Progress& progress) {
  std::vector<Utterance*> said;
  for (Event& event : events)
    if (auto* utterance = std::get_if<Utterance>(&event.body)) said.push_back(utterance);
  // Equal texts become neighbours, and so fall into one call of the encoder.
  std::stable_sort(said.begin(), said.end(),
                   [](const Utterance* a, const Utterance* b) { return a->text < b->text; });
  for (std::size_t begin = 0; begin < said.size(); begin += kUtterancesAtOnce) {
    const auto part = std::span(said).subspan(begin, std::min(kUtterancesAtOnce, said.size() - begin));
    EDDY_TRY(add_vectors(part, encoder));
    progress.advance(part.size());
  }
  return {};
}

std::uint64_t count_utterances(std::span<const Event> events) {
  const auto is_said = [](const Event& event) { return std::holds_alternative<Utterance>(event.body); };
  return static_cast<std::uint64_t>(std::count_if(events.begin(), events.end(), is_said));
}

Result<ExampleSet> build_examples(std::span<const Event> events, const FoldOptions& options,
                                  const TextEncoder* encoder) {
  if (encoder == nullptr) return build_examples(events, options);
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return events[a].time < events[b].time; });
  Progress progress("encoding texts", count_utterances(events));
  ExampleBuilder builder(options, true);
  std::vector<Event> part;
  for (std::size_t begin = 0; begin < order.size(); begin += kEventsAtOnce) {
    const std::size_t end = std::min(order.size(), begin + kEventsAtOnce);
    part.clear();
    for (std::size_t i = begin; i < end; ++i) part.push_back(events[order[i]]);
    EDDY_TRY(encode_events(part, *encoder, progress));
    for (const Event& event : part) builder.add(event);
  }
  progress.finish();
  return std::move(builder).take();
}

}  // namespace eddy
