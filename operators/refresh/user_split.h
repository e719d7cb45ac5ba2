#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "event/ids.h"

namespace eddy {

/// Shares users out among the arms of a comparison. A user's place in [0, 1) is the XXH3 hash of the user id,
/// seeded with that of the salt; arm i has the places from the sum of the shares before it on. So a user's
/// arm depends on id, salt and shares alone: not on time, process or machine.
class UserSplit {
 public:
  /// `shares`: one or more, positive, of sum 1.
  UserSplit(std::span<const double> shares, const std::string& salt);
  [[nodiscard]] std::size_t arm_of(const UserId& user) const;
  [[nodiscard]] std::size_t size() const { return ends_.size(); }

 private:
  std::vector<double> ends_;  // of the arms' places; the last one is not compared with
  std::uint64_t seed_;
};

}  // namespace eddy
