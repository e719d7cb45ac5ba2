#include "operators/refresh/arm_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/shard_in_memory.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using Values = std::vector<std::pair<std::string, std::string>>;

ParamNode refresh_with(const std::vector<Values>& bundles) {
  std::vector<ParamNode> list;
  for (const Values& bundle : bundles) list.push_back(settings(bundle));
  ParamNode node;
  node.value = std::move(list);
  node.where = "test.yaml:3";
  ParamNode refresh = settings({});
  std::get<std::map<std::string, ParamNode>>(refresh.value)["bundles"] = std::move(node);
  return refresh;
}

std::string mistake_of(const std::string& bundle, const ParamNode& refresh) {
  std::vector<Error> mistakes;
  const auto arms = read_arms(bundle, refresh, mistakes);
  EXPECT_EQ(arms.empty(), !mistakes.empty());
  if (mistakes.empty()) return {};
  EXPECT_EQ(mistakes.front().fault, Fault::kUser);
  EXPECT_FALSE(mistakes.front().where.empty());
  return mistakes.front().message;
}

const Values kOld = {{"name", "old"}, {"path", "a"}, {"share", "0.9"}};
const Values kNew = {{"name", "new"}, {"path", "b"}, {"share", "0.1"}};

TEST(ArmSettings, one_bundle_is_one_arm) {
  std::vector<Error> mistakes;
  const auto arms = read_arms("here", settings({}), mistakes);
  ASSERT_TRUE(mistakes.empty());
  ASSERT_EQ(arms.size(), 1U);
  EXPECT_EQ(arms[0].name, "default");
  EXPECT_EQ(arms[0].path, "here");
  EXPECT_EQ(arms[0].share, 1);
}

TEST(ArmSettings, a_list_has_an_arm_for_each) {
  std::vector<Error> mistakes;
  const auto arms = read_arms("", refresh_with({kOld, kNew}), mistakes);
  ASSERT_TRUE(mistakes.empty()) << mistakes.front().message;
  ASSERT_EQ(arms.size(), 2U);
  EXPECT_EQ(arms[1].name, "new");
  EXPECT_EQ(arms[1].path, "b");
  EXPECT_EQ(arms[1].share, 0.1);
}

TEST(ArmSettings, mistakes_are_told) {
  EXPECT_THAT(mistake_of("", settings({})), HasSubstr("'bundle' must be given"));
  EXPECT_THAT(mistake_of("here", refresh_with({kOld, kNew})), HasSubstr("not both"));
  EXPECT_THAT(mistake_of("", refresh_with({})), HasSubstr("a list of 1 to"));
  EXPECT_THAT(mistake_of("", refresh_with({kOld, kOld})), HasSubstr("named 'old'"));
  EXPECT_THAT(mistake_of("", refresh_with({kOld})), HasSubstr("sum up to 0.9"));
  EXPECT_THAT(mistake_of("", refresh_with({kOld, {{"name", "new"}, {"path", "b"}, {"share", "0"}}})),
              HasSubstr("a share above 0"));
  EXPECT_THAT(mistake_of("", refresh_with({kOld, {{"name", "new"}, {"share", "0.1"}}})), HasSubstr("path"));
  EXPECT_THAT(
      mistake_of("", refresh_with({kOld, {{"name", "new"}, {"pth", "b"}, {"path", "b"}, {"share", "0.1"}}})),
      HasSubstr("pth"));
}

}  // namespace
}  // namespace eddy
