#pragma once

#include <string>
#include <vector>

#include "simulate/topic_mixture.h"

namespace eddy {

/// The simulated web site: pages, each known by its one to four tags. The same for every seed. Immutable.
class WebContents {
 public:
  WebContents();

  /// Tags of a page; no two pages have the same ones.
  [[nodiscard]] const std::vector<std::string>& tags(std::size_t page) const { return pages_[page]; }
  [[nodiscard]] const TopicMixture& mixture() const { return mixture_; }

  /// Share of sessions that have nothing to do with the need.
  static constexpr double kOffTopic = 0.25;
  static constexpr ContentShares kShares = {0.30, 0.18, 0.40};

 private:
  struct Site {
    std::vector<std::vector<std::string>> pages;
    std::vector<ContentOutcome> outcomes;
  };
  explicit WebContents(Site site);
  static Site make_site();

  std::vector<std::vector<std::string>> pages_;
  TopicMixture mixture_;
};

/// The name of a simulated product, for people to read: "car", "travel", … The published items have no names.
[[nodiscard]] std::string_view product_name(ItemIndex item);

}  // namespace eddy
