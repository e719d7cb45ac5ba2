#pragma once

#include <cstdint>
#include <string>

#include "base/strong_type.h"

namespace eddy {

using UserId = StrongType<struct UserIdTag, std::string>;
using ItemId = StrongType<struct ItemIdTag, std::string>;
using EventId = StrongType<struct EventIdTag, std::string>;
/// Empty: the event named no session; inactivity separates sessions.
using SessionId = StrongType<struct SessionIdTag, std::string>;
using CallId = StrongType<struct CallIdTag, std::string>;
/// A partition number, across all input topics.
using ShardId = StrongType<struct ShardIdTag, std::int32_t>;

}  // namespace eddy
