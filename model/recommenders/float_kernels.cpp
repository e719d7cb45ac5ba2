#include "model/recommenders/float_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>

// Sanitizers' run-times are not up yet when the loader resolves the clones.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define EDDY_VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EDDY_VECTOR_CLONES
#endif
#define EDDY_INLINE [[gnu::always_inline]] inline

namespace eddy {
namespace {

/// e^x, relative error below 3e-7 in [-87, 88]; clamped outside. 2^k is made in the exponent bits: adding 1.5
/// · 2^23 leaves the rounded k in the low bits of the sum.
EDDY_INLINE float exp_polynomial(float x) {
  constexpr float kLog2E = 1.44269504F;
  constexpr float kRound = 12582912.0F;
  constexpr float kLn2High = 0.693359375F;
  constexpr float kLn2Low = -2.12194440e-4F;
  x = x < -87.0F ? -87.0F : x;
  x = x > 88.0F ? 88.0F : x;
  const float shifted = x * kLog2E + kRound;
  const float k = shifted - kRound;
  const float r = (x - k * kLn2High) - k * kLn2Low;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  const std::uint32_t power = (std::bit_cast<std::uint32_t>(shifted) << 23U) + 0x3F800000U;
  return p * std::bit_cast<float>(power);
}

EDDY_INLINE float sigmoid(float x) {
  return 1.0F / (1.0F + exp_polynomial(-x));
}
EDDY_INLINE float tanh_polynomial(float x) {
  return 1.0F - 2.0F / (exp_polynomial(2.0F * x) + 1.0F);
}

/// Φ(x) by Abramowitz and Stegun 7.1.26, which gives erf within 1.5e-7.
EDDY_INLINE float normal_distribution(float x) {
  constexpr float kRootOfHalf = 0.70710678F;
  const float magnitude = (x < 0 ? -x : x) * kRootOfHalf;
  const float t = 1.0F / (1.0F + 0.3275911F * magnitude);
  float p = 1.061405429F;
  p = p * t - 1.453152027F;
  p = p * t + 1.421413741F;
  p = p * t - 0.284496736F;
  p = p * t + 0.254829592F;
  const float tail = 0.5F * p * t * exp_polynomial(-magnitude * magnitude);
  return x < 0 ? tail : 1.0F - tail;
}

}  // namespace

EDDY_VECTOR_CLONES
void add_rows(const float* table, std::size_t width, std::span<const std::uint32_t> rows,
              float* __restrict y) {
  constexpr std::size_t kAhead = 8;  // rows are scattered over a table larger than the caches
  constexpr std::size_t kLine = 16;  // floats
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + kAhead < rows.size()) {
      const float* later = table + rows[i + kAhead] * width;
      for (std::size_t j = 0; j < width; j += kLine) __builtin_prefetch(later + j);
    }
    const float* row = table + rows[i] * width;
    for (std::size_t j = 0; j < width; ++j) y[j] += row[j];
  }
}

EDDY_VECTOR_CLONES
void tanh_of_sum(std::size_t n, const float* bias, const float* other, float* __restrict y) {
  for (std::size_t j = 0; j < n; ++j) y[j] = tanh_polynomial(y[j] + bias[j]) + other[j];
}

EDDY_VECTOR_CLONES
void relu_of_sum(std::size_t n, const float* bias, float* __restrict y) {
  for (std::size_t j = 0; j < n; ++j) {
    const float sum = y[j] + bias[j];
    y[j] = sum > 0 ? sum : 0;
  }
}

EDDY_VECTOR_CLONES
void sigmoid_of_sum(std::size_t n, const float* bias, float* __restrict y) {
  for (std::size_t j = 0; j < n; ++j) y[j] = sigmoid(y[j] + bias[j]);
}

EDDY_VECTOR_CLONES
void gelu_of_sum(std::size_t n, const float* bias, float* __restrict y) {
  for (std::size_t j = 0; j < n; ++j) {
    const float sum = y[j] + bias[j];
    y[j] = sum * normal_distribution(sum);
  }
}

EDDY_VECTOR_CLONES
void gru_step(std::size_t hidden, const float* from_input, const float* from_hidden, const float* bias,
              const float* candidate_bias, const float* before, float* h) {
  const float* input_z = from_input + hidden;
  const float* input_n = from_input + 2 * hidden;
  const float* hidden_z = from_hidden + hidden;
  const float* hidden_n = from_hidden + 2 * hidden;
  const float* bias_z = bias + hidden;
  const float* bias_n = bias + 2 * hidden;
#pragma GCC ivdep
  for (std::size_t j = 0; j < hidden; ++j) {
    const float r = sigmoid(from_input[j] + from_hidden[j] + bias[j]);
    const float z = sigmoid(input_z[j] + hidden_z[j] + bias_z[j]);
    const float n = tanh_polynomial(input_n[j] + bias_n[j] + r * (hidden_n[j] + candidate_bias[j]));
    h[j] = n + z * (before[j] - n);
  }
}

}  // namespace eddy
