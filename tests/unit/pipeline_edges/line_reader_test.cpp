#include "pipeline/file/line_reader.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>

#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

using testing::HasSubstr;

struct OwnedLine {
  std::string text;
  std::int64_t offset = 0;
  bool is_oversized = false;
  friend bool operator==(const OwnedLine&, const OwnedLine&) = default;
};

class line_reader : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& content) {
    const std::string path = (directory_.path() / name).string();
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::string gzip_file(const std::string& content) {
    const std::string path = (directory_.path() / "lines.gz").string();
    const gzFile out = gzopen(path.c_str(), "wb");
    EXPECT_EQ(gzwrite(out, content.data(), static_cast<unsigned>(content.size())),
              static_cast<int>(content.size()));
    EXPECT_EQ(gzclose(out), Z_OK);
    return path;
  }

  static std::vector<OwnedLine> rest(LineReader& reader) {
    std::vector<OwnedLine> lines;
    Line line;
    for (;;) {
      const auto status = reader.next(line, std::chrono::milliseconds(0));
      EXPECT_TRUE(status) << to_string(status.error());
      if (!status || *status != LineReader::Status::kLine) return lines;
      lines.push_back({std::string(line.text), line.offset, line.is_oversized});
    }
  }
  static std::vector<OwnedLine> read(const std::string& path, std::int64_t from = 0,
                                     std::size_t longest = 1 << 24) {
    auto reader = LineReader::open(path, longest);
    EXPECT_TRUE(reader) << to_string(reader.error());
    const auto started = (*reader)->start_at(from);
    EXPECT_TRUE(started) << to_string(started.error());
    return rest(**reader);
  }

  TemporaryDirectory directory_;
};

TEST_F(line_reader, gives_lines_with_their_offsets) {
  const std::vector<OwnedLine> expected = {{"one", 0}, {"two", 4}, {"three", 9}};
  EXPECT_EQ(read(file("a", "one\ntwo\n\nthree\n")), expected);
  EXPECT_EQ(read(file("b", "one\ntwo\n\nthree")), expected) << "the last line needs no line end";
  EXPECT_EQ(read(gzip_file("one\ntwo\n\nthree\n")), expected);
}

TEST_F(line_reader, takes_carriage_returns_for_part_of_the_line_end) {
  EXPECT_EQ(read(file("a", "one\r\n\r\ntwo\r\n")), (std::vector<OwnedLine>{{"one", 0}, {"two", 7}}));
}

TEST_F(line_reader, an_empty_file_has_no_lines) {
  EXPECT_TRUE(read(file("a", "")).empty());
  EXPECT_TRUE(read(file("b", "\n\n")).empty());
  EXPECT_TRUE(read(gzip_file("")).empty());
}

TEST_F(line_reader, starts_with_the_first_line_at_or_after_the_offset) {
  const std::string text = "one\ntwo\nthree\n";
  for (const std::string& path : {file("a", text), gzip_file(text)}) {
    EXPECT_EQ(read(path, 4), (std::vector<OwnedLine>{{"two", 4}, {"three", 8}}));
    EXPECT_EQ(read(path, 5), (std::vector<OwnedLine>{{"three", 8}}))
        << "a line is skipped from its second byte on";
    EXPECT_EQ(read(path, 8), (std::vector<OwnedLine>{{"three", 8}}));
    EXPECT_TRUE(read(path, 9).empty());
    EXPECT_TRUE(read(path, 14).empty());
  }
}

TEST_F(line_reader, refuses_an_offset_behind_the_end) {
  for (const std::string& path : {file("a", "one\n"), gzip_file("one\n")}) {
    auto reader = LineReader::open(path, 1 << 20);
    ASSERT_TRUE(reader);
    const auto started = (*reader)->start_at(6);
    ASSERT_FALSE(started) << path;
    EXPECT_EQ(started.error().fault, Fault::kUser);
    EXPECT_THAT(started.error().message, HasSubstr("do not fit"));
  }
}

TEST_F(line_reader, keeps_only_the_beginning_of_a_line_over_the_limit) {
  const std::string huge(3'000'000, 'x');
  const auto lines = read(file("a", "one\n" + huge + "\ntwo\n"), 0, 100'000);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_FALSE(lines[0].is_oversized);
  EXPECT_TRUE(lines[1].is_oversized);
  EXPECT_EQ(lines[1].text, std::string(LineReader::kOversizedKept, 'x'));
  EXPECT_EQ(lines[2], (OwnedLine{"two", 3'000'005, false}));
}

TEST_F(line_reader, a_line_of_exactly_the_limit_is_whole) {
  const std::string line(100'000, 'x');
  EXPECT_EQ(read(file("a", line + "\n"), 0, 100'000), (std::vector<OwnedLine>{{line, 0, false}}));
  EXPECT_TRUE(read(file("b", line + "x"), 0, 100'000).at(0).is_oversized);
}

TEST_F(line_reader, says_what_is_wrong_with_a_file) {
  const auto missing = LineReader::open((directory_.path() / "none").string(), 1 << 20);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().fault, Fault::kUser);
  EXPECT_THAT(to_string(missing.error()), HasSubstr("none"));
  EXPECT_FALSE(LineReader::open(directory_.path().string(), 1 << 20));
}

TEST_F(line_reader, notices_cut_off_gzip_data) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i * 7919) + "\n";
  const std::string path = gzip_file(text);
  ASSERT_EQ(::truncate(path.c_str(), static_cast<off_t>(std::filesystem::file_size(path) / 2)), 0);
  auto reader = LineReader::open(path, 1 << 20);
  ASSERT_TRUE(reader);
  Line line;
  for (;;) {
    const auto status = (*reader)->next(line, std::chrono::milliseconds(0));
    if (!status) {
      EXPECT_THAT(status.error().message, HasSubstr("cut off"));
      return;
    }
    ASSERT_EQ(*status, LineReader::Status::kLine) << "half a file must not pass for a whole one";
  }
}

TEST_F(line_reader, a_silent_pipe_makes_it_wait_and_not_end) {
  const std::string path = (directory_.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int writer = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  auto reader = LineReader::open(path, 1 << 20);
  ASSERT_TRUE(reader);
  Line line;
  EXPECT_EQ((*reader)->next(line, std::chrono::milliseconds(0)).value(), LineReader::Status::kWait);
  ASSERT_EQ(::write(writer, "one\ntw", 6), 6);
  EXPECT_EQ((*reader)->next(line, std::chrono::milliseconds(1000)).value(), LineReader::Status::kLine);
  EXPECT_EQ(line.text, "one");
  EXPECT_EQ((*reader)->next(line, std::chrono::milliseconds(0)).value(), LineReader::Status::kWait);
  ::close(writer);
  EXPECT_EQ((*reader)->next(line, std::chrono::milliseconds(1000)).value(), LineReader::Status::kLine);
  EXPECT_EQ(line.text, "tw");
  EXPECT_EQ((*reader)->next(line, std::chrono::milliseconds(0)).value(), LineReader::Status::kEnd);
}

// RapidCheck prints the seed of a failure.
RC_GTEST_FIXTURE_PROP(line_reader, any_start_gives_the_lines_behind_it,
                      (const std::vector<std::string>& raw, bool ends_with_line_end)) {
  std::string text;
  std::vector<OwnedLine> all;
  for (std::string line : raw) {
    std::erase_if(line, [](char c) { return c == '\n' || c == '\r'; });
    if (!line.empty()) all.push_back({line, static_cast<std::int64_t>(text.size()), false});
    text += line + "\n";
  }
  if (!ends_with_line_end && !text.empty()) text.pop_back();
  const auto from = *rc::gen::inRange<std::int64_t>(0, static_cast<std::int64_t>(text.size()) + 1);
  std::erase_if(all, [&](const OwnedLine& line) { return line.offset < from; });
  const auto got = read(file("a", text), from);
  RC_ASSERT(got == all);
}

}  // namespace
}  // namespace eddy
