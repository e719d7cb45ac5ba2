// The includes of the whole tree point one way, as docs/architecture.md draws them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/include_rules.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SourceTree tree_of(const std::vector<SourceFile>& files) {
  SourceTree tree;
  for (const SourceFile& file : files) tree.emplace(file.path, file);
  return tree;
}

TEST(include_directions, the_tree_is_read) {
  EXPECT_GT(project_tree().size(), 30U);
  EXPECT_TRUE(project_tree().contains("event/event.h"));
  EXPECT_EQ(project_tree().count("build/CMakeCache.txt"), 0U);
}

TEST(include_directions, every_include_points_one_way) {
  EXPECT_THAT(wrong_includes(project_tree()), IsEmpty());
}

TEST(include_directions, an_upward_include_is_found) {
  const SourceTree tree = tree_of(
      {{"base/clock.h", "#include \"event/event.h\"\n"}, {"event/event.h", "#include \"base/clock.h\"\n"}});
  EXPECT_THAT(wrong_includes(tree),
              ElementsAre("base/clock.h:1 includes event/event.h, which points the wrong way"));
}

TEST(include_directions, an_include_that_is_not_from_the_top_of_the_tree_is_found) {
  const SourceTree tree = tree_of({{"event/batch.cpp", "\n#include \"batch.h\"\n"}, {"event/batch.h", ""}});
  EXPECT_THAT(wrong_includes(tree),
              ElementsAre(HasSubstr("event/batch.cpp:2 includes batch.h, which is no file")));
}

TEST(include_directions, rooms_follow_the_plan) {
  EXPECT_EQ(room_of("operators/operator.h"), "operators");
  EXPECT_EQ(room_of("operators/fold/fold_operator.h"), "operators/fold");
  EXPECT_EQ(room_of("tests/unit/base/clock_test.cpp"), "");
  EXPECT_TRUE(may_include("app/wiring.cpp", "operators/fold/fold_operator.h"));
  EXPECT_TRUE(may_include("operators/refresh/refresh_operator.cpp", "model/recommender.h"));
  EXPECT_TRUE(may_include("config/settings.h", "model/torch_options.h"));
  EXPECT_TRUE(may_include("operators/builtin_operators.cpp", "operators/fold/fold_operator.h"));
  EXPECT_TRUE(may_include("operators/builtin_operators.h", "base/result.h"));
  EXPECT_FALSE(may_include("operators/builtin_operators.cpp", "pipeline/source.h"));
  EXPECT_FALSE(may_include("operators/fold/fold_operator.cpp", "model/recommender.h"));
  EXPECT_FALSE(may_include("operators/fold/fold_operator.cpp", "operators/decode/decode_operator.h"));
  EXPECT_FALSE(may_include("operators/operator.h", "operators/fold/fold_operator.h"));
  EXPECT_FALSE(may_include("pipeline/pipeline.cpp", "operators/fold/fold_operator.h"));
  EXPECT_FALSE(may_include("pipeline/pipeline.cpp", "model/recommender.h"));
  EXPECT_FALSE(may_include("config/settings.h", "model/recommender.h"));
  EXPECT_FALSE(may_include("model/bundle.cpp", "pipeline/source.h"));
  EXPECT_FALSE(may_include("state/profile/fold.cpp", "app/command.h"));
}

}  // namespace
}  // namespace eddy
