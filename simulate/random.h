#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace eddy {

/// SplitMix64 with the few distributions that the simulator needs. Unlike those of <random> they give the
/// same values with every standard library, so that a seed names a data set. Not synchronised.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
  }
  /// 0 ≤ value < 1
  [[nodiscard]] double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  /// 0 ≤ value < bound; `bound` is at least 1.
  [[nodiscard]] std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(bound));
  }
  [[nodiscard]] bool chance(double probability) { return uniform() < probability; }
  [[nodiscard]] double exponential(double mean) { return -mean * std::log1p(-uniform()); }
  /// 0, 1, 2, … with that mean.
  [[nodiscard]] std::size_t geometric(double mean) {
    return static_cast<std::size_t>(std::log1p(-uniform()) / std::log(mean / (mean + 1.0)));
  }
  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t left = values.size(); left > 1; --left) std::swap(values[left - 1], values[below(left)]);
  }

 private:
  std::uint64_t state_;
};

/// A choice among numbered outcomes by weight.
class Choice {
 public:
  Choice() = default;
  template <class Weight>
  explicit Choice(std::span<const Weight> weights) : cumulative_(weights.size()) {
    double total = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
      cumulative_[i] = total += static_cast<double>(weights[i]);
  }

  /// An outcome; those of weight 0 never come. The weights' total is above 0.
  [[nodiscard]] std::size_t pick(Random& random) const {
    const double at = random.uniform() * cumulative_.back();
    const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
    return static_cast<std::size_t>(found - cumulative_.begin());
  }

 private:
  std::vector<double> cumulative_;
};

}  // namespace eddy
