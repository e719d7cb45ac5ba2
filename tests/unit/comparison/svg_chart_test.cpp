#include "model/comparison/svg_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(SvgChart, draws_each_series_with_its_marks_and_the_limit) {
  const std::vector<ChartSeries> series{{"first", {0.2, 0.4}, 0}, {"second", {0.1, 0.3}, 1}};
  const std::vector<double> limit{0.5, 0.6};
  const std::string svg = line_chart("HR@k, all", series, limit);
  EXPECT_THAT(svg, HasSubstr("aria-label=\"HR@k, all\""));
  EXPECT_THAT(svg, HasSubstr("class=\"limit\""));
  EXPECT_THAT(svg, HasSubstr("<title>first, k = 2: 0.400</title>"));
  EXPECT_THAT(svg, HasSubstr("class=\"line c1\" stroke-dasharray"));
  EXPECT_THAT(line_chart("HR@k, all", series, {}), Not(HasSubstr("limit")));
  EXPECT_EQ(line_chart("nothing", {}, {}), "");
}

TEST(SvgChart, higher_values_are_higher_and_round_numbers_are_on_the_axis) {
  const std::vector<ChartSeries> series{{"one", {0.0, 1.0}, 0}};
  const std::string svg = line_chart("t", series, {});
  // 0 at the foot (230 - 26), 1 at the head (28).
  EXPECT_THAT(svg, HasSubstr("points=\"48.0,204.0 280.0,28.0 \""));
  EXPECT_THAT(svg, HasSubstr(">0.20</text>"));
}

TEST(SvgChart, bars_are_as_long_as_their_values) {
  const std::vector<ChartBar> bars{{"half", 0.5, 0.1, 0}, {"whole", 1, 0, 1}};
  const std::string svg = bar_chart("HR@3", bars, std::nullopt);
  // 430 - 170 - 50 for the highest.
  EXPECT_THAT(svg, HasSubstr("width=\"105.0\""));
  EXPECT_THAT(svg, HasSubstr("width=\"210.0\""));
  EXPECT_THAT(svg, HasSubstr("class=\"whisker\""));
  EXPECT_THAT(svg, Not(HasSubstr("limit")));
  EXPECT_THAT(bar_chart("HR@3", bars, 0.9), HasSubstr("class=\"limit\" x1=\"359.0\""));
  EXPECT_EQ(bar_chart("HR@3", {}, 0.9), "");
}

TEST(SvgChart, names_are_escaped) {
  const std::vector<ChartBar> bars{{"a<b>&\"c\"", 0.5, 0, 0}};
  const std::string svg = bar_chart("<t>", bars, std::nullopt);
  EXPECT_THAT(svg, HasSubstr("a&lt;b&gt;&amp;&quot;c&quot;"));
  EXPECT_THAT(svg, Not(HasSubstr("<t>")));
}

}  // namespace
}  // namespace eddy
