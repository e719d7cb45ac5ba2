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

constexpr float kLog2E = 1.44269504F;

/// 2^t, relative error below 4e-7; t is clamped to [-126, 126]. The whole part of t goes into the exponent's
/// bits: adding 1.5 · 2^23 leaves it, rounded, in the low bits of the sum. The polynomial is the minimax one
/// of degree 5 on [-1/2, 1/2] with p(0) = 1 (relative error 1.1e-7).
EDDY_INLINE float exp2_polynomial(float t) {
  constexpr float kRound = 12582912.0F;
  t = std::min(std::max(t, -126.0F), 126.0F);
  const float shifted = t + kRound;
  const float f = t - (shifted - kRound);
  float p = 1.326472731e-3F;
  p = p * f + 9.671512991e-3F;
  p = p * f + 5.550733581e-2F;
  p = p * f + 2.402224243e-1F;
  p = p * f + 6.931470037e-1F;
  p = p * f + 1.0F;
  const std::uint32_t power = (std::bit_cast<std::uint32_t>(shifted) << 23U) + 0x3F800000U;
  return p * std::bit_cast<float>(power);
}

EDDY_INLINE float sigmoid(float x) {
  return 1.0F / (1.0F + exp2_polynomial(-kLog2E * x));
}
EDDY_INLINE float tanh_polynomial(float x) {
  return 1.0F - 2.0F / (exp2_polynomial(2.0F * kLog2E * x) + 1.0F);
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
  const float tail = 0.5F * p * t * exp2_polynomial(-kLog2E * magnitude * magnitude);
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
  // Gate by gate: the exponentials of one loop do not wait for those of another.
  constexpr std::size_t kBlock = 64;
  float r[kBlock];
  float z[kBlock];
  for (std::size_t begin = 0; begin < hidden; begin += kBlock) {
    const std::size_t count = std::min(kBlock, hidden - begin);
    for (std::size_t j = 0; j < count; ++j)
      r[j] = sigmoid(from_input[begin + j] + from_hidden[begin + j] + bias[begin + j]);
    for (std::size_t j = 0; j < count; ++j)
      z[j] = sigmoid(input_z[begin + j] + hidden_z[begin + j] + bias_z[begin + j]);
#pragma GCC ivdep
    for (std::size_t j = 0; j < count; ++j) {
      const float n = tanh_polynomial(input_n[begin + j] + bias_n[begin + j] +
                                      r[j] * (hidden_n[begin + j] + candidate_bias[begin + j]));
      h[begin + j] = n + z[j] * (before[begin + j] - n);
    }
  }
}

}  // namespace eddy
