// Files of events are there whole or not at all, unless somebody is to follow them.
#include "simulate/record_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

class RecordWriterTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path path(const std::string& name) const { return directory_.path() / name; }
  [[nodiscard]] static std::string content(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(directory_.path()))
      found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    return found;
  }

  TemporaryDirectory directory_;
};

TEST_F(RecordWriterTest, the_old_file_stays_until_the_new_one_is_whole) {
  std::ofstream(path("events.jsonl")) << "old\n";
  auto writer = write_to_file(path("events.jsonl"));
  ASSERT_TRUE(writer) << to_string(writer.error());
  ASSERT_TRUE((*writer)->write(InputChannel::kWeb, "u", "new"));
  EXPECT_EQ(content(path("events.jsonl")), "old\n");
  ASSERT_TRUE((*writer)->finish());
  EXPECT_EQ(content(path("events.jsonl")), "new\n");
  EXPECT_EQ(names(), std::vector<std::string>{"events.jsonl"});
}

TEST_F(RecordWriterTest, an_unfinished_file_leaves_nothing_behind) {
  {
    auto writer = write_to_directory(directory_.path());
    ASSERT_TRUE(writer) << to_string(writer.error());
    ASSERT_TRUE((*writer)->write(InputChannel::kCalls, "u", "half"));
  }
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(RecordWriterTest, three_files_of_a_directory_appear_together) {
  auto writer = write_to_directory(path("new"));
  ASSERT_TRUE(writer) << to_string(writer.error());
  ASSERT_TRUE((*writer)->write(InputChannel::kPurchases, "u", "bought"));
  EXPECT_FALSE(fs::exists(path("new") / "purchases.jsonl"));
  ASSERT_TRUE((*writer)->finish());
  EXPECT_EQ(content(path("new") / "purchases.jsonl"), "bought\n");
  EXPECT_EQ(content(path("new") / "web.jsonl"), "");
  EXPECT_EQ(content(path("new") / "calls.jsonl"), "");
}

TEST_F(RecordWriterTest, a_link_stays_a_link) {
  std::ofstream(path("target")) << "old\n";
  fs::create_symlink(path("target"), path("link"));
  auto writer = write_to_file(path("link"));
  ASSERT_TRUE(writer) << to_string(writer.error());
  ASSERT_TRUE((*writer)->write(InputChannel::kWeb, "u", "new"));
  ASSERT_TRUE((*writer)->finish());
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content(path("target")), "new\n");
}

TEST_F(RecordWriterTest, a_followed_file_is_there_at_once) {
  auto writer = write_to_file(path("events.jsonl"), FileAppears::kAtOnce);
  ASSERT_TRUE(writer) << to_string(writer.error());
  EXPECT_TRUE(fs::exists(path("events.jsonl")));
  ASSERT_TRUE((*writer)->write(InputChannel::kWeb, "u", "one"));
  ASSERT_TRUE((*writer)->finish());
  EXPECT_EQ(content(path("events.jsonl")), "one\n");
}

TEST_F(RecordWriterTest, what_cannot_be_written_is_one_error_that_names_it) {
  const auto writer = write_to_file(path("no such") / "events.jsonl");
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().where, path("no such") / "events.jsonl");
  const auto full = write_to_file("/dev/full");
  ASSERT_TRUE(full) << to_string(full.error());
  ASSERT_TRUE((*full)->write(InputChannel::kWeb, "u", "lost"));
  EXPECT_FALSE((*full)->finish());
}

}  // namespace
}  // namespace eddy
