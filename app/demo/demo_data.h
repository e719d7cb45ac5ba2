#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/event.h"

namespace eddy {

/// What the demo learns from, and what it plays.
struct DemoData {
  std::string training;         ///< a file of events
  std::vector<Event> live;      ///< in order of arrival
  std::vector<ItemId> popular;  ///< of the training events
  std::optional<double>
      optimum_hit_rate;  ///< HR@3 of the exact posterior over the live events; simulated ones only
  bool is_simulated = false;
};

/// Simulates users to learn from, and fewer to play, into `directory`.
Result<DemoData> simulate_demo(const std::filesystem::path& directory, std::size_t users, std::uint64_t seed);

/// Real events: learns from the first four fifths by time, plays the rest. Errors (user's): those of reading,
/// or too few events to learn from.
Result<DemoData> split_demo(const std::filesystem::path& directory, const std::string& events);

/// "electronics (2)" for simulated items, whose products have made-up names; else the id.
[[nodiscard]] std::string shown_item(const ItemId& item, bool is_simulated);

}  // namespace eddy
