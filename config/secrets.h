#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "operators/params.h"

namespace eddy {

/// Values that came from the environment or from secrets' files, each with the text that stands for it.
/// Whoever prints settings, or messages that may repeat them, prints through this.
class Secrets {
 public:
  /// Gathers them from a substituted tree.
  void collect(const ParamNode& node);

  /// A whole setting as it may be shown: its text in the file if it is secret, else itself.
  [[nodiscard]] std::string shown(const std::string& value) const;

  /// A message in which every secret of 4 bytes or more is replaced by its text; shorter ones occur
  /// everywhere by chance.
  [[nodiscard]] std::string concealed(std::string message) const;

 private:
  struct Secret {
    std::string value, written;
  };
  std::vector<Secret> secrets_;  // longest first, so that a secret inside another is replaced with it
};

}  // namespace eddy
