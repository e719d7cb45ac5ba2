#include "model/torch_runtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::Not;

// On a processor that OpenBLAS does not know it warns of its kernels, not of the library.
TEST(torch_runtime, finds_openblas_where_it_is_installed) {
  use_one_torch_thread();
  EXPECT_THAT(blas_warning().value_or(""), Not(HasSubstr("not OpenBLAS")));
}

TEST(torch_runtime, warns_where_openblas_takes_the_processor_for_an_older_one) {
  for (const char* older : {"Prescott", "PRESCOTT", "Nehalem", "Barcelona", "Atom"}) {
    EXPECT_THAT(blas_kernels_warning(older, CpuCapability::kAvx2).value_or(""),
                HasSubstr("OPENBLAS_CORETYPE=HASWELL"));
    EXPECT_THAT(blas_kernels_warning(older, CpuCapability::kAmx).value_or(""),
                HasSubstr("OPENBLAS_CORETYPE=SKYLAKEX"));
    EXPECT_EQ(blas_kernels_warning(older, CpuCapability::kDefault), std::nullopt);
  }
}

TEST(torch_runtime, does_not_warn_of_kernels_with_avx_or_unknown_ones) {
  for (const char* kernels : {"Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids", "armv8", ""})
    EXPECT_EQ(blas_kernels_warning(kernels, CpuCapability::kAmx), std::nullopt) << kernels;
}

}  // namespace
}  // namespace eddy
