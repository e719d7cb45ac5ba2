#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/event.h"

namespace eddy {

/// A call among the events, from its first event to its last one.
struct WatchedCall {
  UserId user;
  CallId call;
  std::size_t first = 0, last = 0;  ///< indices of its events; others lie between them
  std::vector<ItemId> bought;       ///< in the user's next purchase; empty without one
};

/// The call that is worth watching: neither short nor long, by a user with a session before it and a purchase
/// after it, if there is one; the first of the second half, where profiles have filled. With `user`, that
/// user's last call. Errors (user's): no call at all, or none of that user.
Result<WatchedCall> choose_call(const std::vector<Event>& events, const std::optional<UserId>& user);

}  // namespace eddy
