#include "pipeline/file/file_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "event/json_writer.h"
#include "fakes/temporary_directory.h"
#include "pipeline/file/dead_letter_json.h"

namespace eddy {
namespace {

using testing::HasSubstr;

class file_sink : public testing::Test {
 protected:
  void put(const std::string& content) const { std::ofstream(path_, std::ios::binary) << content; }
  [[nodiscard]] std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
  }
  void write_one(const std::string& value, bool sync = false) const {
    FileSink sink({path_, sync});
    ASSERT_TRUE(sink.open());
    ASSERT_TRUE(sink.write(ShardId(0), "user", value));
    ASSERT_TRUE(sink.flush(ShardId(0)));
    ASSERT_TRUE(sink.close());
  }

  TemporaryDirectory directory_;
  std::string path_ = (directory_.path() / "out.jsonl").string();
};

TEST_F(file_sink, appends_to_what_is_there) {
  write_one("{\"a\":1}");
  write_one("{\"a\":2}", true);
  EXPECT_EQ(content(), "{\"a\":1}\n{\"a\":2}\n");
}

TEST_F(file_sink, cuts_off_half_a_line_that_a_crash_left) {
  put("{\"a\":1}\n{\"a\":2,\"b\":\"half");
  write_one("{\"a\":3}");
  EXPECT_EQ(content(), "{\"a\":1}\n{\"a\":3}\n");
}

TEST_F(file_sink, cuts_off_half_a_first_line) {
  put("{\"a\":");
  write_one("{\"a\":3}");
  EXPECT_EQ(content(), "{\"a\":3}\n");
}

TEST_F(file_sink, cuts_off_half_a_line_longer_than_one_look) {
  put("{\"a\":1}\n{\"a\":\"" + std::string(300'000, 'x'));
  write_one("{\"a\":3}");
  EXPECT_EQ(content(), "{\"a\":1}\n{\"a\":3}\n");
}

TEST_F(file_sink, completes_a_whole_record_without_line_end) {
  put("{\"a\":1}\n{\"a\":2}");
  write_one("{\"a\":3}");
  EXPECT_EQ(content(), "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
}

TEST_F(file_sink, says_which_file_cannot_be_opened) {
  FileSink sink({(directory_.path() / "none" / "out").string(), false});
  const auto opened = sink.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().fault, Fault::kUser);
  EXPECT_THAT(to_string(opened.error()), HasSubstr("none/out"));
}

TEST_F(file_sink, a_full_disk_is_said_and_not_forgotten) {
  FileSink sink({"/dev/full", false});
  ASSERT_TRUE(sink.open());
  ASSERT_TRUE(sink.write(ShardId(0), "user", "{}"));
  for (int i = 0; i < 2; ++i) {
    const auto flushed = sink.flush(ShardId(0));
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().remedy, Remedy::kStop);
    EXPECT_THAT(flushed.error().message, HasSubstr("No space"));
  }
  EXPECT_FALSE(sink.close());
}

TEST_F(file_sink, refuses_a_value_with_a_line_end) {
  FileSink sink({path_, false});
  ASSERT_TRUE(sink.open());
  EXPECT_FALSE(sink.write(ShardId(0), "user", "{\n}"));
}

TEST(dead_letter_json, writes_bytes_that_are_no_text_as_base64) {
  DeadLetter letter;
  letter.position = {TopicName("calls"), 1, 2};
  letter.reason = "broken UTF-8";
  letter.key = "a\"b";
  letter.value = "\xff\xfe\xfd\xfc";
  EXPECT_EQ(dead_letter_json(letter),
            R"({"topic":"calls","partition":1,"offset":2,"reason":"broken UTF-8","key":"a\"b",)"
            R"("value_base64":"//79/A=="})");
}

TEST(dead_letter_json, escapes_control_characters) {
  std::string json;
  append_json_string(json, std::string("\0\x1f\t\n\\", 5));
  EXPECT_EQ(json, R"("\u0000\u001f\t\n\\")");
}

}  // namespace
}  // namespace eddy
