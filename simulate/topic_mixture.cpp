#include "simulate/topic_mixture.h"

#include <cmath>

namespace eddy {

using published::kItems;

namespace {

constexpr std::size_t kGroups = 3;
constexpr std::array<std::uint8_t, kItems> kGroupOfNeed = {2, 0, 2, 1, 0, 0, 0, 0, 2, 2, 0, 1,
                                                           1, 1, 1, 1, 1, 0, 0, 2, 2, 2, 2, 2};

}  // namespace

std::size_t need_group(ItemIndex need) {
  return kGroupOfNeed[need];
}

TopicMixture::TopicMixture(const std::vector<ContentOutcome>& outcomes, const ContentShares& shares)
    : log_ratios_(outcomes.size()) {
  double general_weight = 0;
  std::array<double, kItems> topic_weight{};
  std::array<double, kGroups> group_size{};
  for (const ContentOutcome& outcome : outcomes) {
    (outcome.topic ? topic_weight[*outcome.topic] : general_weight) += outcome.weight;
  }
  for (const std::uint8_t group : kGroupOfNeed) group_size[group] += 1.0;

  std::vector<double> background(outcomes.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const ContentOutcome& outcome = outcomes[i];
    background[i] = outcome.topic
                        ? shares.topical_background / kItems * outcome.weight / topic_weight[*outcome.topic]
                        : (1.0 - shares.topical_background) * outcome.weight / general_weight;
  }
  background_ = Choice(std::span<const double>(background));

  std::vector<double> chances(outcomes.size());
  for (std::size_t need = 0; need < kItems; ++need) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const ContentOutcome& outcome = outcomes[i];
      chances[i] = (1.0 - shares.own - shares.related) * background[i];
      if (outcome.topic) {
        const double in_topic = outcome.weight / topic_weight[*outcome.topic];
        const std::uint8_t group = kGroupOfNeed[*outcome.topic];
        if (*outcome.topic == need) chances[i] += shares.own * in_topic;
        if (group == kGroupOfNeed[need]) chances[i] += shares.related * in_topic / group_size[group];
      }
      log_ratios_[i][need] = std::log(chances[i] / background[i]);
    }
    by_need_.emplace_back(std::span<const double>(chances));
  }
}

Evidence with_off_topic(const Evidence& contents, double off_topic) {
  Evidence result{};
  for (std::size_t need = 0; need < contents.size(); ++need) {
    // log(off + (1 − off)·e^x), without overflow for large x.
    const double x = contents[need] + std::log1p(-off_topic);
    const double y = std::log(off_topic);
    result[need] = std::max(x, y) + std::log1p(std::exp(-std::abs(x - y)));
  }
  return result;
}

}  // namespace eddy
