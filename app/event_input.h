#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/event.h"

namespace CLI {
class App;
}

namespace eddy {

/// All events of some files and topics.
struct EventInput {
  std::vector<Event> events;
  std::uint64_t refused = 0;  ///< records that are no events
  std::string first_refusal;  ///< where and why; empty without any
};

/// Reads events into memory, with a progress bar. A source is a file of JSON lines (plain or gzip, "-" for
/// the standard input) or topics, "kafka://HOST:PORT[,HOST:PORT]/TOPIC[,TOPIC][?property=value&…]" with
/// librdkafka's properties: they are read from their beginning to where they end now. Records that are no
/// events are counted, not fatal. Errors: no source, one that cannot be read, or no event in all of them.
Result<EventInput> read_events(const std::vector<std::string>& sources);

/// Declares `--events`, which a command must be given, for read_events().
void declare_events_option(CLI::App& command, std::vector<std::string>& sources);

}  // namespace eddy
