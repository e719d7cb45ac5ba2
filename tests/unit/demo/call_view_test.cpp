#include "app/demo/call_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::size_t columns_of(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(
      line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

TEST(ScoreBarText, grows_by_eighths_of_a_cell) {
  EXPECT_EQ(score_bar(0, 4), "    ");
  EXPECT_EQ(score_bar(1, 4), "████");
  EXPECT_EQ(score_bar(0.5, 4), "██  ");
  EXPECT_EQ(score_bar(0.53125, 4), "██▏ ");
  EXPECT_EQ(score_bar(7, 2), "██") << "out of bounds";
  EXPECT_EQ(score_bar(-1, 2), "  ");
}

TEST(WrapText, breaks_at_spaces_and_cuts_what_is_too_long) {
  EXPECT_THAT(wrap_text("the roof of our house", 9), ElementsAre("the roof", "of our", "house"));
  EXPECT_THAT(wrap_text("abcdefgh", 3), ElementsAre("abc", "def", "gh"));
  EXPECT_THAT(wrap_text("", 9), ElementsAre(""));
  EXPECT_THAT(wrap_text("één twéé", 4), ElementsAre("één", "twéé")) << "characters, not bytes";
}

TEST(RenderMoment, puts_bars_beside_the_text_and_marks_what_moved) {
  const CallMoment moment{
      "customer",
      "We are thinking of buying a boat, and it would be good to know what the anchor is worth",
      {{"boat", 0.75, 0.25}, {"car", 0.2, 0.5}, {"house", 0.1, 0.1}}};
  const std::string plain = render_moment(moment, {80, false});
  std::istringstream lines(plain);
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(columns_of(line), 80U) << line;
    all.push_back(line);
  }
  ASSERT_GE(all.size(), 4U);
  EXPECT_THAT(all[0], HasSubstr("customer"));
  EXPECT_THAT(all[0], HasSubstr("boat "));
  EXPECT_THAT(all[0], HasSubstr("0.75 ▲"));
  EXPECT_THAT(all[1], HasSubstr("0.20 ▼"));
  EXPECT_THAT(all[2], HasSubstr("0.10"));
  EXPECT_EQ(all[2].find("▲"), std::string::npos);
  EXPECT_EQ(all.back(), "");
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  EXPECT_NE(render_moment(moment, {80, true}).find("\x1b["), std::string::npos);
}

}  // namespace
}  // namespace eddy
