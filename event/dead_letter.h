#pragma once

#include <string>

#include "event/position.h"

namespace eddy {

/// A refused record: where it was, why it was refused, and its bytes as they came.
struct DeadLetter {
  SourcePosition position;
  std::string reason;
  std::string key;
  std::string value;
};

}  // namespace eddy
