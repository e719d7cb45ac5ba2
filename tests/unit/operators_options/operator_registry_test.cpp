#include "operators/operator_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eddy {
namespace {

std::unique_ptr<OperatorFactory> no_factory() {
  return nullptr;
}

TEST(OperatorRegistry, a_taken_name_is_the_users_mistake) {
  OperatorRegistry registry;
  ASSERT_TRUE(registry.add("rank", no_factory));
  const Result<void> again = registry.add("rank", no_factory);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().fault, Fault::kUser);
  EXPECT_THAT(again.error().message, testing::HasSubstr("'rank'"));
}

TEST(OperatorRegistry, lists_names_and_knows_no_others) {
  OperatorRegistry registry;
  ASSERT_TRUE(registry.add("b", no_factory));
  ASSERT_TRUE(registry.add("a", no_factory));
  EXPECT_THAT(registry.names(), testing::ElementsAre("a", "b"));
  EXPECT_EQ(registry.make("c"), nullptr);
}

}  // namespace
}  // namespace eddy
