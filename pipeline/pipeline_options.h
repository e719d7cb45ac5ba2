#pragma once

#include <chrono>
#include <cstddef>

namespace eddy {

/// How records are gathered, how many are under way, and how often they are committed.
struct PipelineOptions {
  std::size_t batch_events = 1024;              ///< a batch is full at this many records
  std::chrono::milliseconds batch_wait{5};      ///< or when its oldest record has waited this long
  std::size_t in_flight_bytes = 256ULL << 20U;  ///< records read and not yet committed, in bytes
  std::chrono::milliseconds commit_interval{100};
  std::size_t commit_max_events = 100000;          ///< commit earlier at this many records
  std::size_t hot_profiles_bytes = 512ULL << 20U;  ///< decoded profiles kept in memory, all shards together
  std::size_t threads = 0;                         ///< 0: one per core
};

}  // namespace eddy
