#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "simulate/optimum.h"
#include "simulate/record_writer.h"
#include "simulate/user_history.h"
#include "simulate/user_structure.h"

namespace eddy {

/// What goes wrong between what happens and what arrives. Shares are 0 to 1.
struct NoiseOptions {
  double late_share = 0;       ///< events that arrive minutes to hours after they happened
  double duplicate_share = 0;  ///< events that arrive a second time, later
  double partial_share = 0;    ///< utterances that a partial transcript comes before
  std::size_t broken = 0;      ///< records that must be refused, of every kind
  bool broken_keys = false;  ///< one of the kinds is a key that is not the user: only where records have keys
};

struct SimulationOptions {
  std::uint64_t seed = 1;
  SimulatedPeriod period;
  NoiseOptions noise;
};

/// What was written.
struct SimulationSummary {
  std::size_t users = 0;
  std::map<std::string, std::size_t> events;  ///< by type, each event once
  std::size_t late = 0, duplicates = 0, partials = 0;
  std::map<std::string, std::size_t> broken;  ///< by what is wrong
  std::size_t records = 0;                    ///< all of the above
  EventTime first, last;                      ///< of the events
  OptimumReport optimum;
};

/// Hears how many of the users are written; called now and then, on the simulating thread.
using SimulationProgress = std::function<void(std::size_t users_done, std::size_t users)>;

/// What one user of `structure` plans and does; the same for the same seed, whoever asks.
[[nodiscard]] std::pair<UserPlan, UserHistory> simulate_user(std::uint64_t seed,
                                                             const UserStructure& structure,
                                                             const HistoryMaker& maker, std::size_t user);

/// Simulates all users of `structure` and writes what they do in the order of arrival, which without noise is
/// the order of time. The same options and structure give the same bytes. Keeps only users in memory who are
/// in the middle of something. Does not call finish(). Errors: those of the writer.
Result<SimulationSummary> simulate(const SimulationOptions& options, const UserStructure& structure,
                                   RecordWriter& writer, const SimulationProgress& progress = {});

/// For people, with the optimum as a table.
[[nodiscard]] std::string to_text(const SimulationSummary& summary);

}  // namespace eddy
