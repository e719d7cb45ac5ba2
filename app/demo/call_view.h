#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace eddy {

/// An item's bar beside an utterance.
struct ScoreBar {
  std::string item;
  double score = 0;   ///< 0 to 1
  double before = 0;  ///< at the moment shown before this one
};

/// What happened, and the top items after it.
struct CallMoment {
  std::string who;  ///< "customer", "agent", "web"
  std::string text;
  std::vector<ScoreBar> top;  ///< the highest first
};

struct CallViewOptions {
  std::size_t columns = 110;  ///< of the terminal; at least 60
  bool colour = false;
};

/// One moment as lines, each ended by a line feed: what was said on the left, bars on the right.
[[nodiscard]] std::string render_moment(const CallMoment& moment, const CallViewOptions& options);

/// A bar of `cells` character cells, in eighths of a cell; `share` is 0 to 1.
[[nodiscard]] std::string score_bar(double share, std::size_t cells);

/// Breaks text at spaces into lines of at most `columns` characters; longer words are cut. Never empty.
[[nodiscard]] std::vector<std::string> wrap_text(const std::string& text, std::size_t columns);

}  // namespace eddy
