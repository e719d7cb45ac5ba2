#pragma once

#include <string>

#include "event/event_time.h"
#include "event/ids.h"

namespace eddy {

/// A rule's decision to act on a user. The id is derived from the rule and the causing event, so that a
/// repeat can be dropped by its reader.
struct Trigger {
  std::string id;
  std::string rule;
  UserId user;
  EventTime time;
  std::string item;  ///< the item that the rule is about; may be empty
  float score = 0;
};

}  // namespace eddy
