#include "simulate/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "memory_writer.h"
#include "operators/decode/json_event_reader.h"

namespace eddy {
namespace {

constexpr std::uint64_t kSeed = 7;

struct Simulated {
  SimulationSummary summary;
  std::vector<WrittenRecord> records;
};

Simulated run(const SimulationOptions& options, std::size_t users) {
  MemoryWriter writer;
  auto summary = simulate(options, *draw_structure(users), writer);
  EXPECT_TRUE(summary.has_value());
  return {std::move(summary).value(), std::move(writer.records)};
}

SimulationOptions with_noise(const NoiseOptions& noise) {
  SimulationOptions options;
  options.seed = kSeed;
  options.noise = noise;
  return options;
}

std::vector<Event> decode(const std::vector<WrittenRecord>& records) {
  std::vector<Event> events;
  for (const WrittenRecord& record : records) {
    auto event = read_event(record.record);
    EXPECT_TRUE(event.has_value()) << record.record;
    if (!event) continue;
    EXPECT_EQ(event->user.value(), record.key);
    events.push_back(std::move(event).value());
  }
  return events;
}

TEST(Simulation, same_seed_gives_the_same_bytes_and_another_seed_others) {
  const SimulationOptions options = with_noise({0.05, 0.05, 0.2, 64, true});
  const auto once = run(options, 150).records;
  EXPECT_EQ(once, run(options, 150).records);
  SimulationOptions other = options;
  other.seed = kSeed + 1;
  EXPECT_NE(once, run(other, 150).records);
}

TEST(Simulation, all_lines_decode_in_order_of_time_with_unique_ids) {
  const Simulated simulated = run(with_noise({}), 300);
  const std::vector<Event> events = decode(simulated.records);
  EXPECT_TRUE(std::is_sorted(events.begin(), events.end(),
                             [](const Event& a, const Event& b) { return a.time < b.time; }));
  std::set<std::string> ids;
  for (const Event& event : events) ids.insert(event.id.value());
  EXPECT_EQ(ids.size(), events.size());
  EXPECT_EQ(simulated.summary.records, events.size());
  EXPECT_EQ(simulated.summary.users, 300U);
  std::size_t counted = 0;
  for (const auto& [type, count] : simulated.summary.events) counted += count;
  EXPECT_EQ(counted, events.size());
}

/// A user's history as the models read it: kinds of interactions in order of their first event.
struct KindsSoFar {
  std::set<std::string> known;
  std::vector<bool> is_call;

  void see(const std::string& id, bool call) {
    if (known.insert(id).second) is_call.push_back(call);
  }
};

TEST(Simulation, marginals_are_the_published_ones) {
  const Simulated simulated = run(with_noise({}), 12'000);
  std::unordered_map<std::string, KindsSoFar> users;
  double sessions_only = 0, calls_only = 0, interactions = 0, purchases = 0, single = 0;
  for (const Event& event : decode(simulated.records)) {
    KindsSoFar& user = users[event.user.value()];
    if (const auto* action = std::get_if<Action>(&event.body)) user.see(action->session.value(), false);
    if (const auto* call = std::get_if<CallStarted>(&event.body)) user.see(call->call.value(), true);
    if (!std::holds_alternative<Purchase>(event.body)) continue;
    const std::size_t count = std::min<std::size_t>(user.is_call.size(), 10);
    ASSERT_GE(count, 1U);
    const auto calls =
        std::count(user.is_call.end() - static_cast<std::ptrdiff_t>(count), user.is_call.end(), true);
    purchases += 1;
    interactions += static_cast<double>(count);
    single += count == 1 ? 1 : 0;
    sessions_only += calls == 0 ? 1 : 0;
    calls_only += calls == static_cast<std::ptrdiff_t>(count) ? 1 : 0;
  }
  EXPECT_NEAR(sessions_only / purchases, 0.682, 0.012);
  EXPECT_NEAR(calls_only / purchases, 0.132, 0.010);
  EXPECT_NEAR(interactions / purchases, 2.43, 0.06);
  EXPECT_NEAR(single / purchases, 29543.0 / 62401, 0.015);
  EXPECT_NEAR(purchases / 12'000, 62401.0 / 51877, 0.015);
  const OptimumReport& report = simulated.summary.optimum;
  EXPECT_NEAR(report.mean_interactions, interactions / purchases, 1e-9);
  EXPECT_EQ(static_cast<double>(report.optimum[0].events), purchases);
  EXPECT_EQ(static_cast<double>(report.optimum[1].events), sessions_only);
}

TEST(Simulation, noise_changes_arrivals_and_not_what_happened) {
  const Simulated clean = run(with_noise({}), 300);
  const Simulated noisy = run(with_noise({0.1, 0.1, 0.3, 0, false}), 300);
  EXPECT_EQ(clean.summary.events, noisy.summary.events);
  const auto records = static_cast<double>(noisy.summary.records);
  EXPECT_NEAR(static_cast<double>(noisy.summary.late) / records, 0.1, 0.02);
  EXPECT_NEAR(static_cast<double>(noisy.summary.duplicates) / records, 0.1, 0.02);
  EXPECT_NEAR(
      static_cast<double>(noisy.summary.partials) / static_cast<double>(noisy.summary.events.at("utterance")),
      0.3, 0.03);

  std::multiset<std::string> wanted, found;
  for (const WrittenRecord& record : clean.records) wanted.insert(record.record);
  std::size_t partials = 0;
  std::set<std::string> once;
  for (const WrittenRecord& record : noisy.records) {
    if (!once.insert(record.record).second) continue;
    if (record.record.find("\"final\":false") != std::string::npos) {
      ++partials;
    } else {
      found.insert(record.record);
    }
  }
  EXPECT_EQ(found, wanted);
  EXPECT_EQ(partials, noisy.summary.partials);
  const std::vector<Event> events = decode(noisy.records);
  EXPECT_FALSE(std::is_sorted(events.begin(), events.end(),
                              [](const Event& a, const Event& b) { return a.time < b.time; }));
}

TEST(Simulation, partial_transcripts_come_before_their_finals_and_begin_alike) {
  const Simulated simulated = run(with_noise({0, 0, 0.5, 0, false}), 200);
  std::unordered_map<std::string, Event> partials;
  std::size_t replaced = 0;
  for (Event& event : decode(simulated.records)) {
    const auto* utterance = std::get_if<Utterance>(&event.body);
    if (utterance == nullptr) continue;
    const std::string key = utterance->call.value() + "/" + std::to_string(utterance->seq);
    if (!utterance->is_final) {
      partials.emplace(key, std::move(event));
      continue;
    }
    const auto partial = partials.find(key);
    if (partial == partials.end()) continue;
    ++replaced;
    EXPECT_LT(partial->second.time, event.time);
    EXPECT_TRUE(utterance->text.starts_with(std::get<Utterance>(partial->second.body).text));
  }
  EXPECT_EQ(replaced, simulated.summary.partials);
}

TEST(Simulation, broken_records_are_those_that_do_not_decode) {
  const Simulated simulated = run(with_noise({0, 0, 0, 310, false}), 100);
  std::size_t refused = 0;
  for (const WrittenRecord& record : simulated.records)
    refused += read_event(record.record).has_value() ? 0 : 1;
  EXPECT_EQ(refused, 310U);
  EXPECT_EQ(simulated.summary.broken.size(), 31U);
  for (const auto& [kind, count] : simulated.summary.broken) EXPECT_EQ(count, 10U) << kind;
}

TEST(Simulation, an_error_of_the_writer_ends_it) {
  FailingWriter writer(100);
  const auto summary = simulate(with_noise({}), *draw_structure(50), writer);
  ASSERT_FALSE(summary.has_value());
  EXPECT_EQ(summary.error().message, "the disk is full");
}

TEST(Simulation, inactivity_separates_sessions_as_their_ids_do) {
  std::unordered_map<std::string, std::pair<std::string, EventTime>> last;
  for (const Event& event : decode(run(with_noise({}), 500).records)) {
    const auto* action = std::get_if<Action>(&event.body);
    if (action == nullptr) continue;
    const auto [place, is_first] = last.try_emplace(event.user.value(), action->session.value(), event.time);
    if (!is_first) {
      const bool is_same = place->second.first == action->session.value();
      EXPECT_EQ(event.time - place->second.second <= std::chrono::minutes(30), is_same);
      place->second = {action->session.value(), event.time};
    }
  }
}

}  // namespace
}  // namespace eddy
