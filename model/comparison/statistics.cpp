#include "model/comparison/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <unordered_map>

namespace eddy {
namespace {

/// The 97.5 % point of the normal distribution.
constexpr double kNormalPoint = 1.959963984540054;
constexpr std::uint64_t kResamplingSeed = 20240714;

double percentile(std::vector<double>& values, double share) {
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

/// 0 ≤ result < bound; std::uniform_int_distribution differs between libraries.
std::size_t drawn(std::mt19937_64& generator, std::size_t bound) {
  return static_cast<std::size_t>(((generator() >> 32U) * static_cast<std::uint64_t>(bound)) >> 32U);
}

/// The differences of each user, summed: by user, then by comparison.
struct UserSums {
  std::size_t users = 0, width = 0;
  std::vector<double> sums;

  [[nodiscard]] std::span<const double> of(std::size_t user) const {
    return std::span(sums).subspan(user * width, width);
  }
};

std::vector<Interval> bootstrapped(const UserSums& of_users, std::span<const double> events_of_user) {
  std::mt19937_64 generator(kResamplingSeed);
  std::vector<std::vector<double>> means(of_users.width, std::vector<double>(PairedComparison::kResamples));
  std::vector<double> total(of_users.width);
  for (std::size_t sample = 0; sample < PairedComparison::kResamples; ++sample) {
    std::fill(total.begin(), total.end(), 0.0);
    double events = 0;
    for (std::size_t i = 0; i < of_users.users; ++i) {
      const std::size_t user = drawn(generator, of_users.users);
      events += events_of_user[user];
      const auto sums = of_users.of(user);
      for (std::size_t c = 0; c < of_users.width; ++c) total[c] += sums[c];
    }
    for (std::size_t c = 0; c < of_users.width; ++c) means[c][sample] = total[c] / events;
  }
  std::vector<Interval> intervals;
  intervals.reserve(means.size());
  for (auto& of_comparison : means)
    intervals.push_back({percentile(of_comparison, 0.025), percentile(of_comparison, 0.975)});
  return intervals;
}

/// `totals`: the sums over all users.
std::vector<double> randomised(const UserSums& of_users, std::span<const double> totals) {
  std::mt19937_64 generator(kResamplingSeed);
  std::vector<std::size_t> as_far(of_users.width, 1);
  std::vector<double> total(of_users.width);
  for (std::size_t sample = 0; sample < PairedComparison::kResamples; ++sample) {
    std::fill(total.begin(), total.end(), 0.0);
    std::uint64_t coins = 0;
    for (std::size_t user = 0; user < of_users.users; ++user) {
      coins = user % 64 == 0 ? generator() : coins >> 1U;
      const double sign = (coins & 1U) != 0 ? 1 : -1;
      const auto sums = of_users.of(user);
      for (std::size_t c = 0; c < of_users.width; ++c) total[c] += sign * sums[c];
    }
    // Sums in another order differ in their last bits.
    for (std::size_t c = 0; c < of_users.width; ++c)
      as_far[c] += std::abs(total[c]) >= std::abs(totals[c]) - 1e-9 ? 1 : 0;
  }
  std::vector<double> p;
  p.reserve(as_far.size());
  for (const std::size_t count : as_far)
    p.push_back(static_cast<double>(count) / (static_cast<double>(PairedComparison::kResamples) + 1));
  return p;
}

}  // namespace

Spread spread_of(std::span<const double> values) {
  Spread spread;
  spread.values = values.size();
  if (values.empty()) return spread;
  const auto count = static_cast<double>(values.size());
  spread.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  if (values.size() < 2) return spread;
  double squares = 0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  spread.deviation = std::sqrt(squares / (count - 1));
  return spread;
}

Interval wilson_interval(double mean, std::size_t count) {
  if (count == 0) return {0, 1};
  const auto n = static_cast<double>(count);
  const double square = kNormalPoint * kNormalPoint;
  const double centre = (mean + square / (2 * n)) / (1 + square / n);
  const double half =
      kNormalPoint / (1 + square / n) * std::sqrt(mean * (1 - mean) / n + square / (4 * n * n));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

PairedComparison::PairedComparison(std::span<const std::uint32_t> user_of_event) {
  std::unordered_map<std::uint32_t, std::uint32_t> places;
  place_of_event_.reserve(user_of_event.size());
  for (const std::uint32_t user : user_of_event) {
    const auto place = places.try_emplace(user, static_cast<std::uint32_t>(places.size())).first->second;
    place_of_event_.push_back(place);
    if (place == events_of_user_.size()) events_of_user_.push_back(0);
    ++events_of_user_[place];
  }
}

std::vector<PairedDifference> PairedComparison::run(
    const std::vector<std::vector<double>>& comparisons) const {
  std::vector<PairedDifference> differences(comparisons.size());
  const std::size_t users = events_of_user_.size(), width = comparisons.size();
  if (users == 0 || width == 0) return differences;
  UserSums of_users{users, width, std::vector<double>(users * width, 0)};
  std::vector<double> totals(width, 0);
  for (std::size_t c = 0; c < width; ++c) {
    for (std::size_t event = 0; event < place_of_event_.size(); ++event) {
      of_users.sums[place_of_event_[event] * width + c] += comparisons[c][event];
      totals[c] += comparisons[c][event];
    }
  }
  const std::vector<Interval> intervals = bootstrapped(of_users, events_of_user_);
  const std::vector<double> p = randomised(of_users, totals);
  for (std::size_t c = 0; c < width; ++c)
    differences[c] = {totals[c] / static_cast<double>(place_of_event_.size()), intervals[c], p[c]};
  return differences;
}

std::vector<double> holm_corrected(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size());
  double highest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    highest = std::max(highest, std::min(1.0, p[order[rank]] * static_cast<double>(p.size() - rank)));
    corrected[order[rank]] = highest;
  }
  return corrected;
}

}  // namespace eddy
