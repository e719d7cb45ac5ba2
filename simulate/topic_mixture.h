#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "simulate/need_model.h"
#include "simulate/random.h"

namespace eddy {

/// What contents say of each need: the logarithm of how much likelier they are under it than without any
/// need.
using Evidence = std::array<double, published::kItems>;

/// One outcome (a page, a word) that contents are made of.
struct ContentOutcome {
  std::optional<ItemIndex> topic;  ///< none: general
  double weight = 1.0;             ///< among the outcomes of its topic, or among the general ones
};

/// How much of the contents speaks of the need. The rest of 1 is background.
struct ContentShares {
  double own = 0;      ///< drawn from the need's own outcomes
  double related = 0;  ///< drawn from all topics of the need's group
  double topical_background =
      0;  ///< share of topics, all alike, in the background; the rest is general outcomes
};

/// Outcomes drawn from need-dependent and background mixtures, and what each says of the needs. Immutable.
class TopicMixture {
 public:
  TopicMixture(const std::vector<ContentOutcome>& outcomes, const ContentShares& shares);

  [[nodiscard]] std::size_t draw(ItemIndex need, Random& random) const { return by_need_[need].pick(random); }
  [[nodiscard]] std::size_t draw_background(Random& random) const { return background_.pick(random); }
  /// log P(outcome | need) − log P(outcome | background), for each need
  [[nodiscard]] const Evidence& log_ratio(std::size_t outcome) const { return log_ratios_[outcome]; }
  [[nodiscard]] std::size_t size() const { return log_ratios_.size(); }

 private:
  std::vector<Choice> by_need_;
  Choice background_;
  std::vector<Evidence> log_ratios_;
};

/// The group of related needs that `need` belongs to: items that are often bought together.
[[nodiscard]] std::size_t need_group(ItemIndex need);

/// The evidence of an interaction that has nothing to do with the need with probability `off_topic`, if its
/// contents alone say `contents`.
[[nodiscard]] Evidence with_off_topic(const Evidence& contents, double off_topic);

}  // namespace eddy
