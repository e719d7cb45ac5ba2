#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "event/batch.h"
#include "pipeline/sink.h"

namespace eddy {

/// The name of the sink that takes refused records.
inline constexpr const char* kDeadLetterSink = "dead_letters";

/// The graph's sinks by name. Thread-safe after open().
class SinkSet {
 public:
  explicit SinkSet(std::map<std::string, std::shared_ptr<Sink>> sinks) : sinks_(std::move(sinks)) {}

  Result<void> open();
  /// Writes a batch's outputs, triggers' included, and its dead letters (dropped, but counted elsewhere,
  /// where the graph has no sink for them). Error: an output names a sink that the graph does not have.
  Result<void> write(const Batch& batch);
  /// Everything that the shard wrote is acknowledged.
  Result<void> flush(ShardId shard);
  Result<void> close();

 private:
  std::map<std::string, std::shared_ptr<Sink>> sinks_;
};

}  // namespace eddy
