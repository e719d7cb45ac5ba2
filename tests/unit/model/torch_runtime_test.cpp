#include "model/torch_runtime.h"

#include <gtest/gtest.h>

namespace eddy {
namespace {

TEST(torch_runtime, finds_openblas_where_it_is_installed) {
  use_one_torch_thread();
  EXPECT_EQ(blas_warning(), std::nullopt);
}

}  // namespace
}  // namespace eddy
