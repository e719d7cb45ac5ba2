#include "pipeline/file/file_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/hash.h"
#include "fakes/recording_handler.h"
#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class file_source : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::vector<std::string>& lines) {
    const std::string path = (directory_.path() / name).string();
    std::ofstream out(path, std::ios::binary);
    for (const std::string& line : lines) out << line << '\n';
    return path;
  }
  static std::string event(const std::string& user, const std::string& time) {
    return R"({"type":"action","user":")" + user + R"(","time":)" + time + "}";
  }
  static std::vector<std::string> values(const RecordingHandler& handler) {
    std::vector<std::string> out;
    for (const auto& record : handler.records) out.push_back(record.value);
    return out;
  }
  static std::vector<std::string> read(FileSourceOptions options) {
    FileSource source(std::move(options));
    EXPECT_TRUE(source.open());
    RecordingHandler handler;
    EXPECT_TRUE(drain(source, handler));
    return values(handler);
  }
  static std::string refusal(FileSourceOptions options) {
    FileSource source(std::move(options));
    const auto opened = source.open();
    return opened ? "" : opened.error().message;
  }

  TemporaryDirectory directory_;
};

TEST_F(file_source, merges_files_by_event_time) {
  const auto a = file("a", {event("u1", "1000"), event("u2", "4000"), event("u3", "5000")});
  const auto b =
      file("b", {event("u4", "\"1970-01-01T00:00:02Z\""), event("u5", "3000"), event("u6", "6000")});
  EXPECT_THAT(read({.paths = {a, b}}), ElementsAre(HasSubstr("u1"), HasSubstr("u4"), HasSubstr("u5"),
                                                   HasSubstr("u2"), HasSubstr("u3"), HasSubstr("u6")));
}

TEST_F(file_source, keeps_the_order_within_a_file_even_against_time) {
  const auto a = file("a", {event("u1", "5000"), event("u2", "1000"), event("u3", "6000")});
  const auto b = file("b", {event("u4", "2000"), event("u5", "7000")});
  EXPECT_THAT(read({.paths = {a, b}}), ElementsAre(HasSubstr("u4"), HasSubstr("u1"), HasSubstr("u2"),
                                                   HasSubstr("u3"), HasSubstr("u5")));
}

TEST_F(file_source, an_unreadable_time_takes_the_place_of_the_line_before) {
  const auto a =
      file("a", {event("u1", "1000"), "no json", event("u2", "\"yesterday\""), event("u3", "9000")});
  const auto b = file("b", {event("u4", "2000")});
  EXPECT_THAT(read({.paths = {a, b}}),
              ElementsAre(HasSubstr("u1"), "no json", HasSubstr("u2"), HasSubstr("u4"), HasSubstr("u3")));
}

TEST_F(file_source, the_shard_is_the_hash_of_the_user) {
  const auto a =
      file("a", {event("u1", "1"), event("\\u00e9ric", "2"), R"({"user":7})", "{", "[]", R"({"user":"x)"});
  FileSource source({.paths = {a}, .shards = 5});
  ASSERT_EQ(source.open().value(), 5);
  RecordingHandler handler;
  ASSERT_TRUE(drain(source, handler));
  ASSERT_EQ(handler.records.size(), 6U);
  EXPECT_EQ(handler.records[0].shard, static_cast<std::int32_t>(hash_bytes("u1") % 5));
  EXPECT_EQ(handler.records[1].shard, static_cast<std::int32_t>(hash_bytes("\xc3\xa9ric") % 5))
      << "escapes are undone before hashing";
  for (std::size_t i = 2; i < 6; ++i) EXPECT_EQ(handler.records[i].shard, 0) << "for decode to refuse";
  for (const auto& record : handler.records) EXPECT_FALSE(record.has_key);
}

TEST_F(file_source, a_line_over_the_limit_is_refused_with_the_reason) {
  const auto a = file("a", {event("u1", "1"), event(std::string(20'000, 'x'), "2"), event("u2", "3")});
  FileSource source({.paths = {a}, .longest_line = 10'000});
  ASSERT_TRUE(source.open());
  RecordingHandler handler;
  ASSERT_TRUE(drain(source, handler));
  EXPECT_EQ(handler.records.size(), 3U);
  EXPECT_THAT(handler.refusals, ElementsAre(HasSubstr("longer than 10000 bytes")));
}

TEST_F(file_source, from_and_to_bound_the_event_time) {
  const auto a =
      file("a", {event("u1", "1000"), event("u2", "2000"), event("u3", "3000"), event("u4", "4000")});
  EXPECT_THAT(read({.paths = {a}, .from = EventTime{2000}, .to = EventTime{4000}}),
              ElementsAre(HasSubstr("u2"), HasSubstr("u3")));
}

TEST_F(file_source, each_shard_resumes_at_its_own_position) {
  std::vector<std::string> lines;
  for (int i = 0; i < 100; ++i) lines.push_back(event("user-" + std::to_string(i), "1000"));
  const auto a = file("a", lines);
  const std::size_t line_bytes = lines[20].size() + 1;
  RecordingHandler handler;
  // Shard 0 has read nothing, shard 1 half of the file.
  handler.stored = {{{a, 1}, static_cast<std::int64_t>(line_bytes * 50)}};
  FileSource source({.paths = {a}, .shards = 2});
  ASSERT_TRUE(source.open());
  ASSERT_TRUE(drain(source, handler));
  std::size_t expected = 0;
  std::int64_t offset = 0;
  for (int i = 0; i < 100; ++i) {
    const bool is_first = hash_bytes("user-" + std::to_string(i)) % 2 == 0;
    if (is_first || offset >= static_cast<std::int64_t>(line_bytes * 50)) ++expected;
    offset += static_cast<std::int64_t>(lines[static_cast<std::size_t>(i)].size()) + 1;
  }
  EXPECT_EQ(handler.records.size(), expected);
}

TEST_F(file_source, rate_lets_through_as_many_as_are_due) {
  std::vector<std::string> lines;
  for (int i = 0; i < 100; ++i) lines.push_back(event("u", std::to_string(i)));
  ManualClock clock;
  FileSource source({.paths = {file("a", lines)}, .rate = 10}, clock);
  ASSERT_TRUE(source.open());
  RecordingHandler handler;
  ASSERT_TRUE(source.poll(handler, std::chrono::milliseconds(0)).value());
  EXPECT_EQ(handler.records.size(), 1U);
  clock.advance(std::chrono::milliseconds(510));
  ASSERT_TRUE(source.poll(handler, std::chrono::milliseconds(0)).value());
  EXPECT_EQ(handler.records.size(), 6U);
  clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(source.poll(handler, std::chrono::milliseconds(0)).value());
  EXPECT_EQ(handler.records.size(), 17U) << "a long pause is not made up for by a flood";
}

TEST_F(file_source, speed_follows_event_time) {
  const auto a =
      file("a", {event("u", "10000"), event("u", "12000"), event("u", "11000"), event("u", "20000")});
  ManualClock clock;
  FileSource source({.paths = {a}, .speed = 2}, clock);
  ASSERT_TRUE(source.open());
  RecordingHandler handler;
  ASSERT_TRUE(source.poll(handler, std::chrono::milliseconds(0)).value());
  EXPECT_EQ(handler.records.size(), 1U);
  clock.advance(std::chrono::milliseconds(999));
  ASSERT_TRUE(source.poll(handler, std::chrono::milliseconds(0)).value());
  EXPECT_EQ(handler.records.size(), 1U);
  clock.advance(std::chrono::milliseconds(2));
  ASSERT_TRUE(source.poll(handler, std::chrono::milliseconds(0)).value());
  EXPECT_EQ(handler.records.size(), 3U);
}

TEST_F(file_source, refuses_options_that_make_no_sense) {
  const auto a = file("a", {});
  EXPECT_THAT(refusal({}), HasSubstr("no files"));
  EXPECT_THAT(refusal({.paths = {a, a}}), HasSubstr("twice"));
  EXPECT_THAT(refusal({.paths = {a}, .shards = 0}), HasSubstr("shards"));
  EXPECT_THAT(refusal({.paths = {a}, .rate = -1}), HasSubstr("rate"));
  EXPECT_THAT(refusal({.paths = {a}, .rate = 1, .speed = 1}), HasSubstr("either"));
  EXPECT_THAT(refusal({.paths = {a + "-missing"}}), HasSubstr("cannot open"));
}

}  // namespace
}  // namespace eddy
