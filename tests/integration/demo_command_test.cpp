// The demo as a new user types it, smaller: it trains, plays events through the pipeline, and shows a call to
// its end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "fakes/temporary_directory.h"
#include "typed_command.h"

namespace eddy {
namespace {

using testing::HasSubstr;

TEST(DemoCommand, shows_a_call_and_what_was_bought) {
  const TemporaryDirectory directory;
  const std::string files = (directory.path() / "demo").string();
  const Outcome outcome =
      eddy("demo --users 600 --epochs 2 --rate 1000 --seed 1 --dir " + files + " 2>&1 </dev/null");
  ASSERT_EQ(outcome.code, 0) << outcome.text;
  EXPECT_THAT(outcome.text, HasSubstr("customer"));
  EXPECT_THAT(outcome.text, HasSubstr("Later this user bought"));
  EXPECT_THAT(outcome.text, HasSubstr("HR@3 of the live purchases"));
  EXPECT_TRUE(std::filesystem::file_size(std::filesystem::path(files) / "recommendations.jsonl") > 0);
  EXPECT_EQ(std::filesystem::file_size(std::filesystem::path(files) / "dead-letters.jsonl"), 0U);
}

}  // namespace
}  // namespace eddy
