#include "app/demo/call_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace eddy {
namespace {

constexpr std::size_t kWhoColumns = 10;
constexpr std::size_t kItemColumns = 18;
constexpr std::size_t kBarCells = 16;
constexpr std::size_t kScoreColumns = 7;  // " .123 ▲"
constexpr std::size_t kGap = 2;
constexpr double kVisibleStep = 0.01;

bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

/// The first `count` characters, in whole.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && (count > 0 || !starts_character(text[at]))) {
    if (starts_character(text[at])) --count;
    ++at;
  }
  return text.substr(0, at);
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string out(first_characters(text, columns));
  out.append(columns - characters(out), ' ');
  return out;
}

std::string painted(const std::string& text, const char* code, bool colour) {
  return colour ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
}

std::string score_line(const ScoreBar& bar, bool colour) {
  std::array<char, 16> number;
  std::snprintf(number.data(), number.size(), " %.2f ", bar.score);
  const double step = bar.score - bar.before;
  std::string arrow;
  if (step >= kVisibleStep) arrow = painted("▲", "32", colour);
  if (step <= -kVisibleStep) arrow = painted("▼", "31", colour);
  return padded(bar.item, kItemColumns) + painted(score_bar(bar.score, kBarCells), "36", colour) +
         number.data() + arrow;
}

}  // namespace

std::string score_bar(double share, std::size_t cells) {
  static constexpr std::array<std::string_view, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double bounded = std::isnan(share) ? 0.0 : std::clamp(share, 0.0, 1.0);
  const auto eighths = static_cast<std::size_t>(std::lround(bounded * static_cast<double>(cells) * 8));
  std::string bar;
  for (std::size_t cell = 0; cell < eighths / 8; ++cell) bar += "█";
  bar += kEighths[eighths % 8];
  bar.append(cells - characters(bar), ' ');
  return bar;
}

std::vector<std::string> wrap_text(const std::string& text, std::size_t columns) {
  std::vector<std::string> lines(1);
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    while (!word.empty()) {
      const std::size_t used = characters(lines.back());
      const std::size_t gap = used > 0 ? 1 : 0;
      if (used > 0 && used + gap + characters(word) > columns) {
        lines.emplace_back();
        continue;
      }
      const std::string_view part = first_characters(word, columns);
      if (gap > 0) lines.back() += ' ';
      lines.back() += part;
      word.remove_prefix(part.size());
    }
  }
  return lines;
}

std::string render_moment(const CallMoment& moment, const CallViewOptions& options) {
  const std::size_t right = kItemColumns + kBarCells + kScoreColumns;
  const std::size_t columns = std::max<std::size_t>(options.columns, 60);
  const std::size_t text_columns = columns - kWhoColumns - kGap - right;
  const std::vector<std::string> text = wrap_text(moment.text, text_columns);
  std::string out;
  for (std::size_t row = 0; row < std::max(text.size(), moment.top.size()); ++row) {
    const std::string who = padded(row == 0 ? moment.who : "", kWhoColumns);
    std::string line = painted(who, moment.who == "customer" ? "1;33" : "1;34", options.colour) +
                       padded(row < text.size() ? text[row] : "", text_columns) + std::string(kGap, ' ');
    if (row < moment.top.size()) line += score_line(moment.top[row], options.colour);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out + '\n';
}

}  // namespace eddy
