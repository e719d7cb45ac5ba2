#include "model/comparison/run_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

class RunDirectoryTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path() const { return directory_.path() / "comparison"; }
  [[nodiscard]] Result<RunDirectory> open(const SharedInputs& inputs) const {
    return RunDirectory::open(path(), inputs);
  }

  const SharedInputs inputs_{{"purchases", "3, digest 12"}, {"--epochs", "12"}};
  const RunKey key_{"popular", 1, std::nullopt};

 private:
  TemporaryDirectory directory_;
};

FinishedRun run_of(const RunKey& key) {
  FinishedRun run;
  run.key = key;
  run.hits = {{{1, 0}, {1, 1}, {0, 0}}};
  return run;
}

TEST_F(RunDirectoryTest, finds_after_a_restart_what_was_kept) {
  {
    const auto directory = open(inputs_);
    ASSERT_TRUE(directory) << to_string(directory.error());
    const auto before = directory->find(key_, 2);
    ASSERT_TRUE(before);
    EXPECT_FALSE(before->has_value());
    ASSERT_TRUE(directory->keep(run_of(key_)));
  }
  const auto directory = open(inputs_);
  ASSERT_TRUE(directory) << to_string(directory.error());
  const auto found = directory->find(key_, 2);
  ASSERT_TRUE(found) << to_string(found.error());
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->hits, run_of(key_).hits);
  EXPECT_FALSE(directory->find({"popular", 2, std::nullopt}, 2)->has_value());
}

TEST_F(RunDirectoryTest, other_inputs_are_one_error_that_names_each_with_both_values) {
  ASSERT_TRUE(open(inputs_));
  const auto refused = open({{"purchases", "3, digest 99"}, {"--epochs", "12"}, {"--new", "1"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kUser);
  EXPECT_THAT(refused.error().message, HasSubstr("purchases was 3, digest 12 and is 3, digest 99"));
  EXPECT_THAT(refused.error().message, HasSubstr("--new was absent and is 1"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("--epochs")));
  const auto fewer = open({{"purchases", "3, digest 12"}});
  ASSERT_FALSE(fewer);
  EXPECT_THAT(fewer.error().message, HasSubstr("--epochs was 12 and is absent"));
  EXPECT_TRUE(open(inputs_));
}

TEST_F(RunDirectoryTest, is_held_by_one_at_a_time) {
  auto first = open(inputs_);
  ASSERT_TRUE(first);
  const auto second = open(inputs_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another"));
  { const RunDirectory moved = std::move(first).value(); }
  EXPECT_TRUE(open(inputs_));
}

TEST_F(RunDirectoryTest, a_broken_run_is_named) {
  const auto directory = open(inputs_);
  ASSERT_TRUE(directory);
  std::ofstream(path() / "runs" / "popular-seed-1.json") << "{\"model\": \"pop";
  const auto broken = directory->find(key_, 2);
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().where, HasSubstr("popular-seed-1.json"));
  EXPECT_THAT(broken.error().message, HasSubstr("delete it"));
  // Another run's file under this name.
  ASSERT_TRUE(directory->keep(run_of({"session", 1, std::nullopt})));
  std::filesystem::rename(path() / "runs" / "session-seed-1.json", path() / "runs" / "popular-seed-1.json");
  EXPECT_FALSE(directory->find(key_, 2));
}

TEST_F(RunDirectoryTest, what_a_killed_process_left_half_written_is_no_run) {
  const auto directory = open(inputs_);
  ASSERT_TRUE(directory);
  std::ofstream(path() / "runs" / ".popular-seed-1.json.draft") << "{\"model\"";
  EXPECT_FALSE(directory->find(key_, 2)->has_value());
  ASSERT_TRUE(directory->keep(run_of(key_)));
  EXPECT_TRUE(directory->find(key_, 2)->has_value());
  EXPECT_FALSE(std::filesystem::exists(path() / "runs" / ".popular-seed-1.json.draft"));
}

TEST_F(RunDirectoryTest, does_not_take_another_programs_directory) {
  std::filesystem::create_directories(path());
  std::ofstream(path() / "comparison.json") << "[]";
  const auto refused = open(inputs_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().where, HasSubstr("comparison.json"));
}

}  // namespace
}  // namespace eddy
