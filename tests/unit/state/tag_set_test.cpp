#include "state/profile/tag_set.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace eddy {
namespace {

RC_GTEST_PROP(TagSet, is_a_sorted_set, (const std::vector<std::string>& elements)) {
  TagSet tags;
  std::set<std::string> expected;
  for (const std::string& element : elements) {
    RC_ASSERT(tags.insert(element) == expected.insert(element).second);
  }
  RC_ASSERT(std::vector<std::string>(tags.begin(), tags.end()) ==
            std::vector<std::string>(expected.begin(), expected.end()));
  RC_ASSERT(tags.size() == expected.size());
  for (const std::string& element : elements) RC_ASSERT(tags.contains(element));
}

RC_GTEST_PROP(TagSet, merge_is_union, (const std::set<std::string>& a, const std::set<std::string>& b)) {
  TagSet left, right, both;
  for (const auto& element : a) left.insert(element), both.insert(element);
  for (const auto& element : b) right.insert(element), both.insert(element);
  const bool is_new = both.size() > left.size();
  RC_ASSERT(left.merge(right) == is_new);
  RC_ASSERT(left == both);
}

TEST(TagSet, holds_elements_longer_than_127_bytes) {
  TagSet tags;
  const std::string longer(300, 'x');
  EXPECT_TRUE(tags.insert(longer));
  EXPECT_TRUE(tags.insert("y"));
  EXPECT_FALSE(tags.insert(longer));
  EXPECT_EQ(*tags.begin(), longer);
}

}  // namespace
}  // namespace eddy
