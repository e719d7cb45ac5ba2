#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace eddy {

/// Fixed-point sums: addition of integers is exact, so the order of addition does not matter.
/// One unit is 2^-24; a 64-bit sum holds 2^39 values of magnitude 1.
inline constexpr double kFixedPointScale = 16777216.0;

/// The nearest fixed-point value; magnitudes beyond 2^31 saturate. NaN is for the caller to refuse.
[[nodiscard]] inline std::int64_t to_fixed_point(double value) {
  constexpr double kLimit = 2147483648.0;
  const double clamped = value > kLimit ? kLimit : (value < -kLimit ? -kLimit : value);
  return std::llround(clamped * kFixedPointScale);
}

[[nodiscard]] inline double from_fixed_point(std::int64_t value) {
  return static_cast<double>(value) / kFixedPointScale;
}

}  // namespace eddy
