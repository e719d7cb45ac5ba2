#include "base/whole_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  const auto content = read_whole_file(path);
  EXPECT_TRUE(content) << to_string(content.error());
  EXPECT_TRUE(*content) << path << " is not there";
  return content && *content ? **content : "";
}

TEST(whole_file, is_read_as_it_was_written) {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "file";
  const std::string bytes("a\0b\r\n", 5);
  for (const std::string& content : {bytes, std::string(), std::string(1 << 20, 'x')}) {
    ASSERT_TRUE(write_whole_file(path, content));
    EXPECT_EQ(read(path), content);
    EXPECT_FALSE(fs::exists(draft_of(path)));
  }
}

TEST(whole_file, that_is_not_there_is_no_error) {
  const TemporaryDirectory directory;
  const auto content = read_whole_file(directory.path() / "none");
  ASSERT_TRUE(content);
  EXPECT_FALSE(*content);
}

TEST(whole_file, that_is_a_folder_is_an_error_with_its_path) {
  const TemporaryDirectory directory;
  const auto content = read_whole_file(directory.path());
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().where, directory.path().string());
}

TEST(whole_file, draft_that_a_kill_left_is_overwritten) {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "file";
  ASSERT_TRUE(write_whole_file(path, "old"));
  std::ofstream(draft_of(path)) << "half of something longer";
  EXPECT_EQ(read(path), "old");
  ASSERT_TRUE(write_whole_file(path, "new"));
  EXPECT_EQ(read(path), "new");
}

TEST(whole_file, that_cannot_be_written_leaves_the_old_one) {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "file";
  ASSERT_TRUE(write_whole_file(path, "old"));
  fs::create_directory(draft_of(path));
  const auto written = write_whole_file(path, "new");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().where, draft_of(path).string());
  EXPECT_EQ(written.error().fault, Fault::kExternal);
  EXPECT_EQ(read(path), "old");
}

}  // namespace
}  // namespace eddy
