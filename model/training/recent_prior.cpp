#include "model/training/recent_prior.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace eddy {
namespace {

constexpr double kHalfLife = 0.2;      // as a share of the examples
constexpr double kPriorExamples = 20;  // what the shares of all count as
constexpr float kLeastShare = 1e-4F;

float log_odds(float share) {
  const float inside = std::clamp(share, kLeastShare, 1 - kLeastShare);
  return std::log(inside / (1 - inside));
}

/// Adds `weight` to the sum of each item that the example bought.
template <class Sum>
void add_bought(const EncodedExamples& examples, std::uint32_t index, Sum weight, std::vector<Sum>& sums) {
  const auto& bought = examples.examples[index].bought;
  for (std::uint64_t i = bought.begin; i < bought.end; ++i) sums[examples.labels[i]] += weight;
}

}  // namespace

std::vector<float> label_shares(const EncodedExamples& examples, std::span<const std::uint32_t> which) {
  std::vector<float> shares(examples.items, 0.0F);
  for (const std::uint32_t index : which) add_bought(examples, index, 1.0F, shares);
  for (float& share : shares) share /= static_cast<float>(std::max<std::size_t>(1, which.size()));
  return shares;
}

std::vector<float> recent_log_odds(const EncodedExamples& examples, std::span<const std::uint32_t> which) {
  const std::vector<float> overall = label_shares(examples, which);
  std::vector<double> bought(overall.begin(), overall.end());
  for (double& sum : bought) sum *= kPriorExamples;
  double total = kPriorExamples;
  for (std::size_t i = 0; i < which.size(); ++i) {
    const double age = static_cast<double>(which.size() - 1 - i) / static_cast<double>(which.size());
    const double weight = std::exp2(-age / kHalfLife);
    total += weight;
    add_bought(examples, which[i], weight, bought);
  }
  std::vector<float> amounts(overall.size());
  for (std::size_t i = 0; i < amounts.size(); ++i)
    amounts[i] = log_odds(static_cast<float>(bought[i] / total)) - log_odds(overall[i]);
  return amounts;
}

}  // namespace eddy
