#include "event/causing_event.h"

namespace eddy {

EventId causing_event(const Batch& batch, const Item& item) {
  if (!item.event.id.value().empty()) return item.event.id;
  const SourcePosition& position = batch.records()[item.record].position;
  std::string id = position.topic.str();
  id.append("/").append(std::to_string(position.partition));
  id.append("/").append(std::to_string(position.offset));
  return EventId(std::move(id));
}

}  // namespace eddy
