#include "model/cpu_capability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Optional;

void set_variable(const char* value) {
  ASSERT_EQ(setenv("EDDY_CPU_CAPABILITY", value, 1), 0);
}

TEST(cpu_capability, every_processor_has_the_default) {
  EXPECT_TRUE(has_cpu_capability(CpuCapability::kDefault));
  EXPECT_TRUE(has_cpu_capability(cpu_capability()));
}

TEST(cpu_capability, is_limited_by_the_environment) {
  set_variable("default");
  EXPECT_EQ(cpu_capability_warning(), std::nullopt);
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a process of its own, which has not read it yet
  EXPECT_EXIT(std::exit(cpu_capability() == CpuCapability::kDefault ? 0 : 1), testing::ExitedWithCode(0), "");
}

TEST(cpu_capability, that_names_nothing_is_warned_of) {
  set_variable("avx3");
  EXPECT_THAT(
      cpu_capability_warning(),
      Optional(HasSubstr("EDDY_CPU_CAPABILITY is 'avx3', which is none of default, avx2, avx512 and amx; ")));
}

TEST(cpu_capability, that_the_processor_has_not_is_warned_of) {
  EXPECT_THAT(
      cpu_capability_warning("amx", CpuCapability::kAvx2),
      Optional(std::string("EDDY_CPU_CAPABILITY is 'amx', which this processor has not; avx2 is used")));
  EXPECT_EQ(cpu_capability_warning("avx2", CpuCapability::kAvx2), std::nullopt);
}

}  // namespace
}  // namespace eddy
