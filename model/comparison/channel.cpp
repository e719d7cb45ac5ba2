#include "model/comparison/channel.h"

namespace eddy {

std::string_view to_string(Channel channel) noexcept {
  return channel == Channel::kSessions ? "sessions" : "calls";
}

std::optional<Channel> channel_of(std::string_view name) {
  for (const Channel channel : kChannels)
    if (to_string(channel) == name) return channel;
  return std::nullopt;
}

void switch_off(Channel channel, Facts& facts) {
  if (channel == Channel::kSessions) {
    facts.sessions.clear();
  } else {
    facts.calls.clear();
  }
}

}  // namespace eddy
