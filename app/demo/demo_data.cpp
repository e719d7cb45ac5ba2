#include "app/demo/demo_data.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "app/demo/live_hits.h"
#include "app/event_input.h"
#include "app/progress.h"
#include "simulate/event_json.h"
#include "simulate/simulation.h"

namespace eddy {
namespace {

/// One user is played for so many that are learnt from.
constexpr std::size_t kLearntForOnePlayed = 5;
constexpr std::size_t kFewestPlayed = 200;
constexpr std::size_t kRanks = 3;

Result<SimulationSummary> simulate_file(const std::string& file, std::size_t users, std::uint64_t seed,
                                        const char* title) {
  SimulationOptions options;
  options.seed = seed;
  EDDY_ASSIGN(const auto writer, write_to_file(file));
  Progress progress(title, users);
  EDDY_ASSIGN(SimulationSummary summary,
              simulate(options, *draw_structure(users), *writer,
                       [&](std::size_t done, std::size_t /*users*/) { progress.set(done); }));
  EDDY_TRY(writer->finish());
  return summary;
}

Result<void> write_events(const std::string& file, std::span<const Event> events) {
  EDDY_ASSIGN(const auto writer, write_to_file(file));
  std::string line;
  for (const Event& event : events) {
    line.clear();
    append_json(event, line);
    EDDY_TRY(writer->write(InputChannel::kWeb, event.user.value(), line));
  }
  return writer->finish();
}

}  // namespace

Result<DemoData> simulate_demo(const std::filesystem::path& directory, std::size_t users,
                               std::uint64_t seed) {
  DemoData data;
  data.is_simulated = true;
  data.training = (directory / "training.jsonl").string();
  const std::string live = (directory / "live.jsonl").string();
  EDDY_TRY(simulate_file(data.training, users, seed, "simulating users to learn from"));
  const std::size_t played = std::max(users / kLearntForOnePlayed, kFewestPlayed);
  EDDY_ASSIGN(const SimulationSummary summary,
              simulate_file(live, played, seed + 1, "simulating users to play"));
  data.optimum_hit_rate = summary.optimum.optimum[0].hit_rate[kRanks - 1];
  for (const ItemIndex item : rank_items(NeedModel(), NeedModel().prior()))
    data.popular.push_back(item_id(item));
  EDDY_ASSIGN(EventInput input, read_events({live}));
  data.live = std::move(input.events);
  return data;
}

Result<DemoData> split_demo(const std::filesystem::path& directory, const std::string& events) {
  EDDY_ASSIGN(EventInput input, read_events({events}));
  std::vector<Event>& all = input.events;
  std::stable_sort(all.begin(), all.end(), [](const Event& a, const Event& b) { return a.time < b.time; });
  const auto learnt = all.begin() + static_cast<std::ptrdiff_t>(all.size() * 4 / 5);
  DemoData data;
  data.training = (directory / "training.jsonl").string();
  data.live.assign(learnt, all.end());
  all.erase(learnt, all.end());
  if (all.empty()) return user_error("these are too few events to learn from and to play", events);
  EDDY_TRY(write_events(data.training, all));
  data.popular = popular_items(all);
  return data;
}

std::string shown_item(const ItemId& item, bool is_simulated) {
  if (!is_simulated) return item.value();
  std::size_t number = 0;
  const std::string& id = item.value();
  std::from_chars(id.data(), id.data() + id.size(), number);
  if (number < 1 || number > published::kItems) return id;
  return std::string(product_name(static_cast<ItemIndex>(number - 1))) + " (" + id + ")";
}

}  // namespace eddy
