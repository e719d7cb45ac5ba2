#include "operators/refresh/user_split.h"

#include <algorithm>

#include "base/hash.h"

namespace eddy {

UserSplit::UserSplit(std::span<const double> shares, const std::string& salt) : seed_(hash_bytes(salt)) {
  double end = 0;
  for (const double share : shares) ends_.push_back(end += share);
}

std::size_t UserSplit::arm_of(const UserId& user) const {
  if (ends_.size() == 1) return 0;
  // 53 bits, so that the quotient is exact and below 1.
  constexpr unsigned kUnusedBits = 11;
  const auto bits = hash_bytes(user.value(), seed_) >> kUnusedBits;
  const double place = static_cast<double>(bits) * 0x1p-53;
  return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end() - 1, place) - ends_.begin());
}

}  // namespace eddy
