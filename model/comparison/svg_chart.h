#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

/// Text as it may stand in HTML and SVG, between tags and in attributes.
[[nodiscard]] std::string html_escaped(std::string_view text);

/// Colours, line styles and marks of series, by their number; cycling. The page's style sheet has the colours
/// as classes c0 … c(kSeriesColours - 1).
inline constexpr std::size_t kSeriesColours = 12;

/// Values at 1, 2, 3 … on the horizontal axis.
struct ChartSeries {
  std::string name;
  std::vector<double> values;
  std::size_t number = 0;
};

/// A small plot of lines as an <svg> element. `limit`: a dashed line that no series should pass; empty:
/// none. Without any value an empty string.
[[nodiscard]] std::string line_chart(std::string_view title, std::span<const ChartSeries> series,
                                     std::span<const double> limit);

/// A bar with a whisker of ± deviation.
struct ChartBar {
  std::string name;
  double value = 0, deviation = 0;  ///< 0..1
  std::size_t number = 0;
};

/// Horizontal bars from 0 as an <svg> element, with a dashed line at `limit`. Without any bar an empty
/// string.
[[nodiscard]] std::string bar_chart(std::string_view title, std::span<const ChartBar> bars,
                                    std::optional<double> limit);

/// A piece of a series' line with its mark, for a legend.
[[nodiscard]] std::string series_swatch(std::size_t number);
/// The same for the limit.
[[nodiscard]] std::string limit_swatch();

}  // namespace eddy
