#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eddy {

/// Of one measure over several seeds.
struct Spread {
  double mean = 0;
  double deviation = 0;  ///< of the sample (n - 1); 0 for fewer than two values
  std::size_t values = 0;
};
[[nodiscard]] Spread spread_of(std::span<const double> values);

struct Interval {
  double low = 0, high = 0;
};

/// Wilson's 95 % interval of a mean of `count` values in 0..1. Exact in its variance where each value is 0 or
/// 1; values between have a smaller variance, so that for them it is too wide rather than too narrow. (0, 1)
/// without values.
[[nodiscard]] Interval wilson_interval(double mean, std::size_t count);

/// Differences between two models, each at the same events.
struct PairedDifference {
  double mean = 0;
  Interval interval;  ///< 95 %: of other users like these
  double p = 1;       ///< two-sided, of "which of the two models is which makes no difference"
};

/// Compares models at the same events, user by user: events of one user are not independent.
///
///     interval  bootstrap: users are drawn with replacement, with all their events, kResamples times; the
///               2.5 % and 97.5 % points of the drawn means
///     p         randomisation test: each user's differences change their sign or not, all together, by a
///               coin, kResamples times; (1 + times that |Σ*| ≥ |Σ|) / (kResamples + 1)
///
/// All comparisons share the draws and coins; the same input gives the same result on every machine. Of few
/// users the interval is too narrow; p is not too small: of n users it is 2 / 2^n at least.
class PairedComparison {
 public:
  static constexpr std::size_t kResamples = 10'000;

  /// `user_of_event`: for each event its user's number; events of one user have the same number.
  explicit PairedComparison(std::span<const std::uint32_t> user_of_event);

  /// `comparisons`: for each comparison the difference at each event, in the order of `user_of_event`.
  [[nodiscard]] std::vector<PairedDifference> run(const std::vector<std::vector<double>>& comparisons) const;

 private:
  std::vector<std::uint32_t> place_of_event_;  ///< users renumbered from 0 without gaps
  std::vector<double> events_of_user_;
};

/// Holm's correction for several tests of one family, in the order given: each at most 1.
[[nodiscard]] std::vector<double> holm_corrected(std::span<const double> p);

}  // namespace eddy
