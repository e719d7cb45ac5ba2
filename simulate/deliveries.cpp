#include "simulate/deliveries.h"

#include <algorithm>
#include <cmath>

#include "simulate/event_json.h"

namespace eddy {

namespace {

constexpr double kMeanDelay = 3'600'000;  // an hour
constexpr double kMostDelay = 24 * kMeanDelay;
constexpr std::int64_t kPartialBefore = 700;  // milliseconds; less than any utterance takes

std::int64_t some_delay(Random& random) {
  return 1 + std::llround(std::min(random.exponential(kMeanDelay), kMostDelay));
}

/// What the speech recogniser heard up to the middle of the sentence.
Event partial_of(const Event& event, Random& random) {
  Event partial = event;
  auto& utterance = std::get<Utterance>(partial.body);
  utterance.is_final = false;
  const std::size_t cut = utterance.text.find(' ', random.below(utterance.text.size() + 1));
  utterance.text.resize(std::min(cut, utterance.text.size()));
  partial.id = EventId(event.id.value() + "-partial");
  partial.time.milliseconds -= kPartialBefore;
  return partial;
}

}  // namespace

std::vector<Delivery> deliver(const std::vector<Event>& events, const NoiseOptions& noise, Random& random,
                              SimulationSummary& summary) {
  std::vector<Delivery> deliveries;
  deliveries.reserve(events.size());
  const auto send = [&](const Event& event) {
    Delivery delivery{event.time.milliseconds, channel_of(event.body), {}};
    append_json(event, delivery.record);
    if (noise.late_share > 0 && random.chance(noise.late_share)) {
      delivery.arrival += some_delay(random);
      ++summary.late;
    }
    if (noise.duplicate_share > 0 && random.chance(noise.duplicate_share)) {
      deliveries.push_back({delivery.arrival + some_delay(random), delivery.channel, delivery.record});
      ++summary.duplicates;
    }
    deliveries.push_back(std::move(delivery));
  };
  for (const Event& event : events) {
    ++summary.events[std::string(type_name(event.body))];
    if (noise.partial_share > 0 && std::holds_alternative<Utterance>(event.body) &&
        random.chance(noise.partial_share)) {
      send(partial_of(event, random));
      ++summary.partials;
    }
    send(event);
  }
  std::stable_sort(deliveries.begin(), deliveries.end(),
                   [](const Delivery& a, const Delivery& b) { return a.arrival < b.arrival; });
  return deliveries;
}

}  // namespace eddy
