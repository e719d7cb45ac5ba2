#include "config/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "operators/builtin_operators.h"

namespace eddy {
namespace {

TEST(Reference, the_committed_page_is_the_declarations) {
  OperatorRegistry registry;
  ASSERT_TRUE(add_builtin_operators(registry));
  std::ifstream file(EDDY_SOURCE_DIR "/docs/configuration.md");
  ASSERT_TRUE(file) << "docs/configuration.md is not there";
  std::stringstream committed;
  committed << file.rdbuf();
  EXPECT_EQ(committed.str(), reference_page(registry))
      << "make it anew: eddy check --reference > docs/configuration.md";
}

TEST(Reference, every_setting_has_a_sentence) {
  OperatorRegistry registry;
  ASSERT_TRUE(add_builtin_operators(registry));
  for (const std::string& name : registry.names()) {
    for (const OptionSet::Entry& entry : registry.make(name)->options().entries()) {
      EXPECT_THAT(entry.sentence, testing::EndsWith(".")) << name << "." << entry.name;
    }
  }
}

}  // namespace
}  // namespace eddy
