#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulate/simulation.h"

namespace eddy {

/// A record on its way.
struct Delivery {
  std::int64_t arrival = 0;  ///< milliseconds, as EventTime
  InputChannel channel = InputChannel::kWeb;
  std::string record;
};

/// How a user's events arrive, in that order. Counts them in `summary`.
[[nodiscard]] std::vector<Delivery> deliver(const std::vector<Event>& events, const NoiseOptions& noise,
                                            Random& random, SimulationSummary& summary);

}  // namespace eddy
