#include "model/recommenders/matrix_product.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace eddy {
namespace {

TEST(matrix_product, is_the_definitions_for_every_number_of_rows_and_columns) {
  constexpr std::uint64_t kSeed = 3;
  constexpr std::size_t kIn = 19;
  std::mt19937_64 random(kSeed);
  std::uniform_int_distribution<int> small(-4, 4);  // whole numbers: sums are exact in any order
  for (const std::size_t out : {1, 7, 16, 17, 24, 48}) {
    std::vector<float> b(kIn * out);
    for (float& value : b) value = static_cast<float>(small(random));
    const PackedMatrix packed(kIn, out, b);
    for (std::size_t rows = 0; rows <= 31; ++rows) {
      std::vector<float> a(rows * kIn);
      for (float& value : a) value = static_cast<float>(small(random));
      constexpr float kUntouched = 1234.5F;
      std::vector<float> c(rows * out + kIn, kUntouched);
      packed.multiply(rows, a.data(), c.data());
      for (std::size_t i = 0; i < rows * out; ++i) {
        float expected = 0;
        for (std::size_t k = 0; k < kIn; ++k) expected += a[i / out * kIn + k] * b[k * out + i % out];
        ASSERT_EQ(c[i], expected) << "seed " << kSeed << ", " << rows << " rows, " << out
                                  << " columns, place " << i;
      }
      for (std::size_t i = rows * out; i < c.size(); ++i) ASSERT_EQ(c[i], kUntouched);
    }
  }
}

}  // namespace
}  // namespace eddy
