#include "state/store/state_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/whole_file.h"
#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const StateIdentity kMain{"main", 4};

std::string refusal(const fs::path& path, const StateIdentity& identity) {
  const auto directory = StateDirectory::open(path, identity);
  if (directory) return "it was not refused";
  EXPECT_EQ(directory.error().message.find('\n'), std::string::npos);
  EXPECT_THAT(directory.error().where, HasSubstr(path.string()));
  return directory.error().message;
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

TEST(StateDirectory, is_made_and_found_again) {
  const TemporaryDirectory temporary;
  const fs::path path = temporary.path() / "a" / "state";
  {
    const auto made = StateDirectory::open(path, kMain);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE((*made)->is_new());
    EXPECT_EQ((*made)->shard_path(ShardId(3)), path / "shard-3");
  }
  const auto found = StateDirectory::open(path, kMain);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE((*found)->is_new());
  const auto identity = StateDirectory::read_identity(path);
  ASSERT_TRUE(identity);
  EXPECT_EQ(*identity, kMain);
}

TEST(StateDirectory, name_of_several_words_is_kept) {
  const TemporaryDirectory temporary;
  const StateIdentity identity{"calls and  clicks ", 1};
  ASSERT_TRUE(StateDirectory::open(temporary.path() / "s", identity));
  EXPECT_EQ(*StateDirectory::read_identity(temporary.path() / "s"), identity);
}

TEST(StateDirectory, is_used_by_one_at_a_time) {
  const TemporaryDirectory temporary;
  auto first = StateDirectory::open(temporary.path(), kMain);
  ASSERT_TRUE(first);
  EXPECT_THAT(refusal(temporary.path(), kMain), HasSubstr("in use by process " + std::to_string(::getpid())));
  first->reset();
  EXPECT_TRUE(StateDirectory::open(temporary.path(), kMain));
}

TEST(StateDirectory, lock_goes_with_the_process_that_died) {
  const TemporaryDirectory temporary;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto directory = StateDirectory::open(temporary.path(), kMain);
    ::_exit(directory ? 0 : 1);  // no destructor runs
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 0);
  const auto directory = StateDirectory::open(temporary.path(), kMain);
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_FALSE((*directory)->is_new());
}

TEST(StateDirectory, other_graph_or_number_of_shards_is_refused) {
  const TemporaryDirectory temporary;
  ASSERT_TRUE(StateDirectory::open(temporary.path(), kMain));
  EXPECT_THAT(refusal(temporary.path(), {"other", 4}), HasSubstr("belongs to graph 'main', not to 'other'"));
  EXPECT_THAT(refusal(temporary.path(), {"main", 8}), HasSubstr("has 4 shards, the input has 8"));
  EXPECT_TRUE(StateDirectory::open(temporary.path(), kMain));
}

TEST(StateDirectory, directory_of_somebody_else_is_refused_and_left_alone) {
  const TemporaryDirectory temporary;
  write(temporary.path() / "holiday.jpg", "sun");
  EXPECT_THAT(refusal(temporary.path(), kMain), HasSubstr("holds 'holiday.jpg' but no Eddy state"));
  EXPECT_EQ(std::distance(fs::directory_iterator(temporary.path()), fs::directory_iterator()), 1);
}

TEST(StateDirectory, interrupted_first_start_is_taken_up) {
  const TemporaryDirectory temporary;
  write(temporary.path() / "LOCK", "99999999\n");
  write(draft_of(temporary.path() / "IDENTITY"), "eddy-st");
  const auto directory = StateDirectory::open(temporary.path(), kMain);
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_TRUE((*directory)->is_new());
}

TEST(StateDirectory, unreadable_identity_is_refused) {
  const TemporaryDirectory temporary;
  const fs::path identity = temporary.path() / "IDENTITY";
  write(identity, "eddy-state 2\nshards 4\ngraph main\n");
  EXPECT_THAT(refusal(temporary.path(), kMain), HasSubstr("format 2"));
  write(identity, "something else\n");
  EXPECT_THAT(refusal(temporary.path(), kMain), HasSubstr("not written by Eddy"));
  write(identity, "eddy-state 1\nshards many\ngraph main\n");
  EXPECT_THAT(refusal(temporary.path(), kMain), HasSubstr("damaged"));
}

TEST(StateDirectory, senseless_identity_and_a_file_in_the_way_are_refused) {
  const TemporaryDirectory temporary;
  EXPECT_FALSE(StateDirectory::open(temporary.path() / "s", {"", 4}));
  EXPECT_FALSE(StateDirectory::open(temporary.path() / "s", {"main", 0}));
  EXPECT_FALSE(StateDirectory::open(temporary.path() / "s", {"two\nlines", 1}));
  EXPECT_FALSE(fs::exists(temporary.path() / "s"));
  write(temporary.path() / "file", "");
  EXPECT_FALSE(StateDirectory::open(temporary.path() / "file", kMain));
  EXPECT_FALSE(StateDirectory::read_identity(temporary.path() / "none"));
}

TEST(StateDirectory, a_rebuilt_shard_takes_the_place_of_the_old_one) {
  const TemporaryDirectory temporary;
  const auto directory = StateDirectory::open(temporary.path(), kMain);
  ASSERT_TRUE(directory);
  const auto rebuilt = (*directory)->scratch_path(ShardId(1), StateDirectory::Scratch::kRebuild);
  for (const char* text : {"first", "second"}) {  // also where there is no old one
    fs::create_directory(rebuilt);
    write(rebuilt / "file", text);
    const auto replaced = (*directory)->replace_by_rebuilt(ShardId(1));
    ASSERT_TRUE(replaced) << to_string(replaced.error());
    std::string found;
    std::ifstream((*directory)->shard_path(ShardId(1)) / "file") >> found;
    EXPECT_EQ(found, text);
  }
  EXPECT_FALSE(fs::exists(rebuilt));
  EXPECT_FALSE(fs::exists(temporary.path() / "shard-1.replaced"));
  EXPECT_EQ(StateDirectory::held_shards(temporary.path(), kMain), std::vector{ShardId(1)});
  const auto nothing = (*directory)->replace_by_rebuilt(ShardId(2));
  ASSERT_FALSE(nothing);
  EXPECT_THAT(nothing.error().message, HasSubstr("cannot be renamed"));
}

TEST(StateDirectory, what_a_killed_rebuild_left_is_removed_when_it_is_opened) {
  const TemporaryDirectory temporary;
  ASSERT_TRUE(StateDirectory::open(temporary.path(), kMain));
  for (const char* name : {"shard-0", "shard-0.rebuild", "shard-1.replaced", "shard-3.verify"}) {
    fs::create_directory(temporary.path() / name);
    write(temporary.path() / name / "file", "text");
  }
  ASSERT_TRUE(StateDirectory::open(temporary.path(), kMain));
  EXPECT_TRUE(fs::exists(temporary.path() / "shard-0" / "file"));
  for (const char* name : {"shard-0.rebuild", "shard-1.replaced", "shard-3.verify"}) {
    EXPECT_FALSE(fs::exists(temporary.path() / name)) << name;
  }
}

}  // namespace
}  // namespace eddy
