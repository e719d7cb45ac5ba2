#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "event/batch.h"
#include "operators/decode/json_event_reader.h"

/// Any bytes are an event or are refused with a reason; the reader is reused, as a shard reuses it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static eddy::JsonEventReader reader;
  static eddy::Event event;
  std::string json(reinterpret_cast<const char*>(data), size);
  json.append(eddy::Batch::kPadding, '\0');
  const auto read = reader.read(std::string_view(json).substr(0, size), event);
  if (!read && (read.error().message.empty() || read.error().remedy != eddy::Remedy::kDeadLetter))
    std::abort();
  if (read && event.user.value().empty()) std::abort();
  return 0;
}
