#include "model/recommenders/float_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace eddy {
namespace {

constexpr double kError = 1e-6;

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

TEST(float_kernels, sigmoid_is_right_within_a_millionth_everywhere) {
  for (double x = -120; x <= 120; x += 0.0137) {
    auto y = static_cast<float>(x);
    const float bias = 0.25F;
    const double expected = sigmoid(static_cast<double>(y + bias));
    sigmoid_of_sum(1, &bias, &y);
    ASSERT_NEAR(y, expected, kError) << "at " << x;
  }
}

TEST(float_kernels, tanh_is_right_within_a_millionth_everywhere) {
  for (double x = -120; x <= 120; x += 0.0137) {
    auto y = static_cast<float>(x);
    const float bias = -0.5F;
    const float other = 1.0F;
    const double expected = std::tanh(static_cast<double>(y + bias)) + 1.0;
    tanh_of_sum(1, &bias, &other, &y);
    ASSERT_NEAR(y, expected, kError) << "at " << x;
  }
}

TEST(float_kernels, gelu_is_right_within_a_millionth_of_its_argument) {
  for (double x = -120; x <= 120; x += 0.0137) {
    auto y = static_cast<float>(x);
    const float bias = 0.25F;
    const auto sum = static_cast<double>(y + bias);
    const double expected = 0.5 * sum * std::erfc(-sum / std::sqrt(2.0));
    gelu_of_sum(1, &bias, &y);
    ASSERT_NEAR(y, expected, kError * std::max(1.0, std::abs(sum))) << "at " << x;
  }
}

TEST(float_kernels, relu_cuts_below_zero) {
  const std::vector<float> bias = {0.5F, 0.5F, 0.0F};
  std::vector<float> y = {1.0F, -1.0F, 0.0F};
  relu_of_sum(3, bias.data(), y.data());
  EXPECT_EQ(y, (std::vector<float>{1.5F, 0.0F, 0.0F}));
}

TEST(float_kernels, rows_are_added_with_their_repeats) {
  constexpr std::size_t kWidth = 21;
  std::vector<float> table(10 * kWidth);
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(i);
  const std::vector<std::uint32_t> rows = {9, 0, 9, 3, 1, 2, 4, 5, 6, 7, 8, 8};
  std::vector<float> y(kWidth, 1.0F);
  add_rows(table.data(), kWidth, rows, y.data());
  for (std::size_t j = 0; j < kWidth; ++j) {
    float expected = 1.0F;
    for (const std::uint32_t row : rows) expected += table[row * kWidth + j];
    EXPECT_EQ(y[j], expected);
  }
}

TEST(float_kernels, a_gru_step_is_the_definitions) {
  constexpr std::size_t kHidden = 37;
  constexpr std::uint64_t kSeed = 5;
  std::mt19937_64 random(kSeed);
  std::normal_distribution<float> normal(0.0F, 3.0F);
  const auto draw = [&](std::size_t n) {
    std::vector<float> values(n);
    for (float& value : values) value = normal(random);
    return values;
  };
  const auto input = draw(3 * kHidden);
  const auto product = draw(3 * kHidden);
  const auto bias = draw(3 * kHidden);
  const auto candidate_bias = draw(kHidden);
  const auto before = draw(kHidden);
  std::vector<float> h(kHidden);
  gru_step(kHidden, input.data(), product.data(), bias.data(), candidate_bias.data(), before.data(),
           h.data());
  auto in_place = before;
  gru_step(kHidden, input.data(), product.data(), bias.data(), candidate_bias.data(), in_place.data(),
           in_place.data());
  EXPECT_EQ(h, in_place) << "seed " << kSeed;
  for (std::size_t j = 0; j < kHidden; ++j) {
    const auto sum = [&](std::size_t i) { return static_cast<double>(input[i]) + product[i] + bias[i]; };
    const double r = sigmoid(sum(j));
    const double z = sigmoid(sum(kHidden + j));
    const std::size_t c = 2 * kHidden + j;
    const double n = std::tanh(static_cast<double>(input[c]) + bias[c] +
                               r * (static_cast<double>(product[c]) + candidate_bias[j]));
    EXPECT_NEAR(h[j], (1 - z) * n + z * before[j], 5e-6) << "seed " << kSeed << ", unit " << j;
  }
}

}  // namespace
}  // namespace eddy
