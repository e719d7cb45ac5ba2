#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace eddy {

/// What `eddy demo` is told.
struct DemoOptions {
  std::string events;  ///< real events; empty: simulated ones
  std::string call;    ///< the user whose call is shown; empty: one that is worth it
  std::string directory = "build/demo";
  std::size_t users = 12000;  ///< to learn from
  std::uint64_t seed = 1;
  double rate = 1.5;  ///< utterances of the call a second
  std::uint32_t epochs = 6;
  double keep_seconds = 60;  ///< how long HTTP goes on at the end, on a terminal
};

/// Simulates or splits, trains, plays and shows, on the standard output. Errors: what its parts give.
Result<void> run_demo(const DemoOptions& options);

}  // namespace eddy
