#include "event/event.h"

#include <array>

namespace eddy {

std::string_view type_name(const EventBody& body) noexcept {
  static constexpr std::array<std::string_view, std::variant_size_v<EventBody>> kNames = {
      "action", "utterance", "call_started", "call_ended", "purchase", "portfolio", "identify", "forget"};
  return kNames[body.index()];
}

}  // namespace eddy
