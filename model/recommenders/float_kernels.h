#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace eddy {

/// Loops over floats that the compiler vectorises, once for each of several instruction sets; the loader
/// picks. exp, tanh and sigmoid are polynomials of their own: absolute error below 1e-6 for sigmoid and tanh.
/// No value may be infinite or NaN: what comes of one is not defined.

/// y[j] += table[row · width + j], for each row in order: the order is the caller's, so equal rows give equal
/// bits.
void add_rows(const float* table, std::size_t width, std::span<const std::uint32_t> rows, float* y);

/// y[j] = tanh(y[j] + bias[j]) + other[j].
void tanh_of_sum(std::size_t n, const float* bias, const float* other, float* y);

/// y[j] = max(0, y[j] + bias[j]).
void relu_of_sum(std::size_t n, const float* bias, float* y);

/// y[j] = sigmoid(y[j] + bias[j]).
void sigmoid_of_sum(std::size_t n, const float* bias, float* y);

/// y[j] = gelu(y[j] + bias[j]), where gelu(x) = x · Φ(x) with the normal distribution's Φ; absolute error
/// below 1e-6 · max(1, |x|).
void gelu_of_sum(std::size_t n, const float* bias, float* y);

/// One GRU step of one row, after its matrix products. All arrays but h are 3 · hidden long, gates r, z, n:
///
///     r = sigmoid(input + hidden + bias), z likewise, n = tanh(input + bias + r * (hidden + candidate_bias))
///     h = (1 - z) * n + z * before
///
/// `before` may be h itself; no other array overlaps h. `bias` holds for r and z the sum of both biases, for
/// n the input's alone; `candidate_bias` is b_hn, [hidden].
void gru_step(std::size_t hidden, const float* from_input, const float* from_hidden, const float* bias,
              const float* candidate_bias, const float* before, float* h);

/// Asks for cache lines that are read soon. `values` may be null.
inline void prefetch_floats(const float* values, std::size_t n) {
  constexpr std::size_t kLine = 16;  // floats
  if (values == nullptr) return;
  for (std::size_t i = 0; i < n; i += kLine) __builtin_prefetch(values + i);
}

}  // namespace eddy
