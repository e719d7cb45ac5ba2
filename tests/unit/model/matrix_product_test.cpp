#include "model/recommenders/matrix_product.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace eddy {
namespace {

std::string name(CpuCapability capability) {
  switch (capability) {
    case CpuCapability::kDefault:
      return "plain";
    case CpuCapability::kAvx2:
      return "avx2";
    case CpuCapability::kAvx512:
      return "avx512";
    case CpuCapability::kAmx:
      return "amx";
  }
  return "unknown";
}

/// With each kind of instructions that this processor has.
class matrix_product : public testing::TestWithParam<CpuCapability> {
 protected:
  static constexpr std::uint64_t kSeed = 3;

  void SetUp() override {
    if (!has_cpu_capability(GetParam())) GTEST_SKIP() << "this processor has no such instructions";
  }

  template <class Distribution>
  std::vector<float> values(std::size_t count, Distribution distribution) {
    std::vector<float> all(count);
    for (float& value : all) value = static_cast<float>(distribution(random_));
    return all;
  }

 private:
  std::mt19937_64 random_{kSeed};
};

INSTANTIATE_TEST_SUITE_P(capability, matrix_product,
                         testing::Values(CpuCapability::kDefault, CpuCapability::kAvx2,
                                         CpuCapability::kAvx512, CpuCapability::kAmx),
                         [](const auto& test) { return name(test.param); });

TEST_P(matrix_product, is_the_definitions_for_every_number_of_rows_and_columns) {
  const std::uniform_int_distribution<int> small(-4, 4);  // whole numbers: sums are exact in any order
  for (const std::size_t in : {1, 19, 32, 70}) {
    for (const std::size_t out : {1, 7, 16, 17, 24, 48, 64, 70}) {
      const auto b = values(in * out, small);
      const PackedMatrix packed(in, out, b, GetParam());
      for (std::size_t rows = 0; rows <= 70; rows = rows < 36 ? rows + 1 : rows + 17) {
        const auto a = values(rows * in, small);
        constexpr float kUntouched = 1234.5F;
        std::vector<float> c(rows * out + 40, kUntouched);
        packed.multiply(rows, a.data(), c.data());
        for (std::size_t i = 0; i < rows * out; ++i) {
          float expected = 0;
          for (std::size_t k = 0; k < in; ++k) expected += a[i / out * in + k] * b[k * out + i % out];
          ASSERT_EQ(c[i], expected) << "seed " << kSeed << ", " << rows << " rows, " << in << " to " << out
                                    << " columns, place " << i;
        }
        for (std::size_t i = rows * out; i < c.size(); ++i) ASSERT_EQ(c[i], kUntouched);
      }
    }
  }
}

TEST_P(matrix_product, is_as_exact_as_sums_of_floats) {
  constexpr std::size_t kRows = 50, kIn = 300, kOut = 40;
  const std::normal_distribution<double> normal;
  const auto a = values(kRows * kIn, normal);
  const auto b = values(kIn * kOut, normal);
  std::vector<float> c(kRows * kOut);
  PackedMatrix(kIn, kOut, b, GetParam()).multiply(kRows, a.data(), c.data());
  double furthest = 0;
  for (std::size_t row = 0; row < kRows; ++row) {
    for (std::size_t column = 0; column < kOut; ++column) {
      double expected = 0;
      double size = 0;  // of what was added up
      for (std::size_t k = 0; k < kIn; ++k) {
        const double product = static_cast<double>(a[row * kIn + k]) * b[k * kOut + column];
        expected += product;
        size += std::abs(product);
      }
      furthest = std::max(furthest, std::abs(c[row * kOut + column] - expected) / size);
    }
  }
  EXPECT_LT(furthest, 0x1p-20) << "seed " << kSeed;
}

TEST_P(matrix_product, of_a_row_does_not_depend_on_the_other_rows) {
  constexpr std::size_t kRows = 150, kIn = 700, kOut = 50;
  const std::normal_distribution<float> normal;
  const auto a = values(kRows * kIn, normal);
  const PackedMatrix packed(kIn, kOut, values(kIn * kOut, normal), GetParam());
  std::vector<float> together(kRows * kOut), some(kRows * kOut);
  packed.multiply(kRows, a.data(), together.data());
  for (const std::size_t rows : {1, 2, 5, 16, 20, 33}) {
    for (std::size_t first = 0; first + rows <= kRows; first += rows) {
      packed.multiply(rows, a.data() + first * kIn, some.data());
      ASSERT_TRUE(std::equal(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(rows * kOut),
                             together.begin() + static_cast<std::ptrdiff_t>(first * kOut)))
          << "seed " << kSeed << ", rows from " << first << ", " << rows << " of them";
    }
  }
}

}  // namespace
}  // namespace eddy
