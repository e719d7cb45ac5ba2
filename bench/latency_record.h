#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <vector>

namespace eddy::bench {

/// Latencies of one kind, in milliseconds. One thread.
class LatencyRecord {
 public:
  void add(std::int64_t nanoseconds) {
    values_.push_back(static_cast<float>(static_cast<double>(nanoseconds) / 1e6));
  }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

  /// As a JSON object: count, quantiles, and how many values each bin holds. Bin n ends at 0.1 * 10^(n/10)
  /// ms; the first begins at 0.
  void write(std::ostream& out, std::size_t expected) {
    std::sort(values_.begin(), values_.end());
    out << R"({"count":)" << values_.size() << R"(,"missing":)"
        << (expected > values_.size() ? expected - values_.size() : 0);
    for (const auto& [name, share] :
         {std::pair("p50", .5), std::pair("p90", .9), std::pair("p99", .99), std::pair("max", 1.0)}) {
      out << ",\"" << name << "_ms\":" << quantile(share);
    }
    out << R"(,"bins":[)";
    for (int n = 0; n <= kBins; ++n) out << (n > 0 ? "," : "") << in_bin(n);
    out << "]}";
  }

 private:
  static constexpr int kBins = 60;  // up to 100 s

  static double end_of(int bin) { return 0.1 * std::pow(10.0, bin / 10.0); }

  [[nodiscard]] double quantile(double share) const {
    if (values_.empty()) return -1;
    const auto last = values_.size() - 1;
    return values_[std::min(last, static_cast<std::size_t>(share * static_cast<double>(values_.size())))];
  }

  [[nodiscard]] std::ptrdiff_t in_bin(int bin) const {
    const auto below = [this](double limit) {
      return std::lower_bound(values_.begin(), values_.end(), limit);
    };
    return below(end_of(bin)) - (bin == 0 ? values_.begin() : below(end_of(bin - 1)));
  }

  std::vector<float> values_;
};

}  // namespace eddy::bench
