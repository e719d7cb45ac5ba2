#include "pipeline/sink_set.h"

namespace eddy {

Result<void> SinkSet::open() {
  for (auto& [name, sink] : sinks_) EDDY_TRY(sink->open());
  return {};
}

Result<void> SinkSet::write(const Batch& batch) {
  Sink* sink = nullptr;
  const std::string* sink_name = nullptr;
  for (const Output& output : batch.outputs) {
    if (sink_name == nullptr || *sink_name != output.sink) {  // mostly the same one all along
      const auto found = sinks_.find(output.sink);
      if (found == sinks_.end()) {
        return user_error("an operator writes to sink '" + output.sink +
                          "', which the graph does not have; add it under sinks:");
      }
      sink = found->second.get();
      sink_name = &output.sink;
    }
    EDDY_TRY(sink->write(batch.shard(), output.key, output.value));
  }
  if (batch.dead_letters.empty()) return {};
  const auto found = sinks_.find(kDeadLetterSink);
  if (found == sinks_.end()) return {};
  for (const DeadLetter& letter : batch.dead_letters) EDDY_TRY(found->second->write_dead_letter(letter));
  return {};
}

Result<void> SinkSet::flush(ShardId shard) {
  for (auto& [name, sink] : sinks_) EDDY_TRY(sink->flush(shard));
  return {};
}

Result<void> SinkSet::close() {
  Result<void> first;
  for (auto& [name, sink] : sinks_) {
    auto closed = sink->close();
    if (!closed && first) first = std::move(closed);
  }
  return first;
}

}  // namespace eddy
