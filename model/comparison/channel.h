#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "state/profile/facts.h"

namespace eddy {

/// A channel that a comparison can switch off.
enum class Channel : std::uint8_t { kSessions = 0, kCalls = 1 };
inline constexpr std::array kChannels{Channel::kSessions, Channel::kCalls};

/// "sessions", "calls"
[[nodiscard]] std::string_view to_string(Channel channel) noexcept;
/// Nothing if there is no such channel.
[[nodiscard]] std::optional<Channel> channel_of(std::string_view name);

/// Takes the channel's interactions out of a user's facts.
void switch_off(Channel channel, Facts& facts);

}  // namespace eddy
