#include "model/comparison/svg_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace eddy {
namespace {

std::string formatted(const char* format, auto... values) {
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

/// "class=… " of a series' line.
std::string line_style(std::size_t number) {
  constexpr std::array<const char*, 3> kDashes = {"", " stroke-dasharray=\"7 3\"",
                                                  " stroke-dasharray=\"2 3\""};
  return formatted("class=\"line c%zu\"%s", number % kSeriesColours, kDashes[number % kDashes.size()]);
}

std::string mark(std::size_t number, double x, double y, const std::string& tip) {
  const std::string end = tip.empty() ? "/>" : "><title>" + html_escaped(tip) + "</title></";
  const auto close = [&](const char* element) { return tip.empty() ? end : end + element + ">"; };
  const std::size_t colour = number % kSeriesColours;
  switch (number % 4) {
    case 0:
      return formatted("<circle class=\"mark c%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"", colour, x, y) +
             close("circle");
    case 1:
      return formatted("<rect class=\"mark c%zu\" x=\"%.1f\" y=\"%.1f\" width=\"5.6\" height=\"5.6\"", colour,
                       x - 2.8, y - 2.8) +
             close("rect");
    case 2:
      return formatted("<path class=\"mark c%zu\" d=\"M%.1f %.1fl3.6 6.2h-7.2z\"", colour, x, y - 4) +
             close("path");
    default:
      return formatted("<path class=\"mark c%zu\" d=\"M%.1f %.1fl3.8 3.8l-3.8 3.8l-3.8 -3.8z\"", colour, x,
                       y - 3.8) +
             close("path");
  }
}

std::string text(double x, double y, const char* classes, std::string_view what) {
  return formatted("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", classes, x, y) + html_escaped(what) +
         "</text>";
}

std::string begin_svg(std::string_view title, double width, double height) {
  return formatted("<svg role=\"img\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" aria-label=\"",
                   width, height, width, height) +
         html_escaped(title) + "\">";
}

/// A vertical axis with a few round numbers.
struct Axis {
  double low = 0, high = 1, step = 0.2;

  static Axis over(double low, double high) {
    constexpr std::array<double, 6> kSteps = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
    Axis axis;
    for (const double step : kSteps) {
      axis.step = step;
      axis.low = std::floor(low / step + 1e-9) * step;
      axis.high = std::ceil(high / step - 1e-9) * step;
      if (axis.high <= axis.low) axis.high = axis.low + step;
      if ((axis.high - axis.low) / step < 6.5) break;
    }
    return axis;
  }
};

/// Where a line chart draws.
struct LinePlot {
  static constexpr double kWidth = 300, kHeight = 230, kLeft = 40, kRight = 12, kTop = 28, kBottom = 26;
  Axis axis;
  std::size_t places = 1;

  [[nodiscard]] double x(std::size_t place) const {
    const double share = places < 2 ? 0.5 : static_cast<double>(place) / static_cast<double>(places - 1);
    return kLeft + 8 + share * (kWidth - kLeft - kRight - 16);
  }
  [[nodiscard]] double y(double value) const {
    return kTop + (axis.high - value) / (axis.high - axis.low) * (kHeight - kTop - kBottom);
  }
  [[nodiscard]] std::string points(std::span<const double> values) const {
    std::string result;
    for (std::size_t i = 0; i < values.size(); ++i) result += formatted("%.1f,%.1f ", x(i), y(values[i]));
    return result;
  }
  [[nodiscard]] std::string frame() const {
    std::string out;
    const auto ticks = static_cast<int>(std::lround((axis.high - axis.low) / axis.step));
    for (int tick = 0; tick <= ticks; ++tick) {
      const double value = axis.low + tick * axis.step;
      out += formatted("<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", kLeft,
                       kWidth - kRight, y(value), y(value));
      out += text(kLeft - 6, y(value) + 4, "tick end", formatted("%.2f", value));
    }
    for (std::size_t place = 0; place < places; ++place)
      out += text(x(place), kHeight - 8, "tick middle", std::to_string(place + 1));
    return out;
  }
};

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string line_chart(std::string_view title, std::span<const ChartSeries> series,
                       std::span<const double> limit) {
  std::vector<double> all(limit.begin(), limit.end());
  LinePlot plot;
  for (const ChartSeries& one : series) {
    all.insert(all.end(), one.values.begin(), one.values.end());
    plot.places = std::max(plot.places, one.values.size());
  }
  if (all.empty()) return {};
  plot.axis =
      Axis::over(*std::min_element(all.begin(), all.end()), *std::max_element(all.begin(), all.end()));
  std::string out = begin_svg(title, LinePlot::kWidth, LinePlot::kHeight);
  out += text(LinePlot::kLeft, 16, "title", title) + plot.frame();
  if (!limit.empty()) out += "<polyline class=\"limit\" points=\"" + plot.points(limit) + "\"/>";
  for (const ChartSeries& one : series) {
    out += "<polyline " + line_style(one.number) + " points=\"" + plot.points(one.values) + "\"/>";
    for (std::size_t i = 0; i < one.values.size(); ++i) {
      const std::string tip =
          one.name + ", k = " + std::to_string(i + 1) + formatted(": %.3f", one.values[i]);
      out += mark(one.number, plot.x(i), plot.y(one.values[i]), tip);
    }
  }
  return out + "</svg>\n";
}

std::string bar_chart(std::string_view title, std::span<const ChartBar> bars, std::optional<double> limit) {
  if (bars.empty()) return {};
  constexpr double kWidth = 430, kLeft = 170, kRight = 50, kTop = 28, kRow = 22;
  const double height = kTop + kRow * static_cast<double>(bars.size()) + 8;
  double highest = limit.value_or(0);
  for (const ChartBar& bar : bars) highest = std::max(highest, bar.value + bar.deviation);
  if (highest <= 0) highest = 1;
  const auto x = [&](double value) { return kLeft + value / highest * (kWidth - kLeft - kRight); };
  std::string out = begin_svg(title, kWidth, height) + text(kLeft, 16, "title", title);
  double top = kTop;
  for (const ChartBar& bar : bars) {
    const double middle = top + kRow / 2;
    out += text(kLeft - 8, middle + 4, "tick end", bar.name);
    out += formatted("<rect class=\"bar c%zu\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                     bar.number % kSeriesColours, kLeft, top + 4, x(bar.value) - kLeft, kRow - 8);
    if (bar.deviation > 0) {
      out += formatted("<path class=\"whisker\" d=\"M%.1f %.1fH%.1fM%.1f %.1fv8M%.1f %.1fv8\"/>",
                       x(std::max(0.0, bar.value - bar.deviation)), middle, x(bar.value + bar.deviation),
                       x(std::max(0.0, bar.value - bar.deviation)), middle - 4, x(bar.value + bar.deviation),
                       middle - 4);
    }
    out += text(std::max(x(bar.value + bar.deviation), limit ? x(*limit) : 0) + 6, middle + 4, "tick",
                formatted("%.3f", bar.value));
    top += kRow;
  }
  if (limit)
    out += formatted("<line class=\"limit\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", x(*limit),
                     x(*limit), kTop - 2, height - 4);
  return out + "</svg>\n";
}

std::string series_swatch(std::size_t number) {
  return "<svg class=\"swatch\" aria-hidden=\"true\" viewBox=\"0 0 28 12\" width=\"28\" "
         "height=\"12\"><line " +
         line_style(number) + " x1=\"1\" x2=\"27\" y1=\"6\" y2=\"6\"/>" + mark(number, 14, 6, "") + "</svg>";
}

std::string limit_swatch() {
  return "<svg class=\"swatch\" aria-hidden=\"true\" viewBox=\"0 0 28 12\" width=\"28\" height=\"12\"><line "
         "class=\"limit\" x1=\"1\" x2=\"27\" y1=\"6\" y2=\"6\"/></svg>";
}

}  // namespace eddy
