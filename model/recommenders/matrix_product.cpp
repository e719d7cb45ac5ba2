#include "model/recommenders/matrix_product.h"

#include <algorithm>
#include <cstring>

namespace eddy {
namespace {

using PanelRow = PackedMatrix::PanelRow;
constexpr std::size_t kColumns = PackedMatrix::kPanelColumns;

using Float4 [[gnu::vector_size(16)]] = float;
using Float8 [[gnu::vector_size(32)]] = float;
using Float16 [[gnu::vector_size(64)]] = float;

/// Some rows of `a` times one panel; `kRows` · kColumns sums stay in registers, which is why nothing below
/// takes the address of more than one of them. Writes `columns` of the panel's columns.
template <class Vector, int kRows>
[[gnu::always_inline]] inline void multiply_block(std::size_t in, const float* a, const PanelRow* panel,
                                                  float* c, std::size_t out, std::size_t columns) {
  constexpr int kLanes = static_cast<int>(sizeof(Vector) / sizeof(float));
  constexpr int kParts = static_cast<int>(kColumns) / kLanes;
  Vector sums[kRows][kParts] = {};
  for (std::size_t k = 0; k < in; ++k) {
    Vector b[kParts];
#pragma GCC unroll 16
    for (int part = 0; part < kParts; ++part)
      std::memcpy(&b[part], panel[k].values + part * kLanes, sizeof(Vector));
#pragma GCC unroll 16
    for (int row = 0; row < kRows; ++row) {
      const float factor = a[static_cast<std::size_t>(row) * in + k];
#pragma GCC unroll 16
      for (int part = 0; part < kParts; ++part) sums[row][part] += factor * b[part];
    }
  }
#pragma GCC unroll 16
  for (int row = 0; row < kRows; ++row) {
    float whole[kColumns];
    float* to = columns == kColumns ? c + static_cast<std::size_t>(row) * out : whole;
#pragma GCC unroll 16
    for (int part = 0; part < kParts; ++part)
      std::memcpy(to + part * kLanes, &sums[row][part], sizeof(Vector));
    if (columns < kColumns) std::copy_n(whole, columns, c + static_cast<std::size_t>(row) * out);
  }
}

/// One panel times all rows, `kRows` at a time and the rest in halves of it.
template <class Vector, int kRows>
[[gnu::always_inline]] inline void multiply_panel(std::size_t rows, std::size_t in, const float* a,
                                                  const PanelRow* panel, float* c, std::size_t out,
                                                  std::size_t columns) {
  const std::size_t whole = rows / kRows * kRows;
  for (std::size_t row = 0; row < whole; row += kRows) {
    multiply_block<Vector, kRows>(in, a + row * in, panel, c + row * out, out, columns);
  }
  if constexpr (kRows > 1) {
    multiply_panel<Vector, kRows / 2>(rows - whole, in, a + whole * in, panel, c + whole * out, out, columns);
  }
}

template <class Vector, int kRows>
[[gnu::always_inline]] inline void multiply_panels(std::size_t rows, std::size_t in, std::size_t out,
                                                   const float* a, const PanelRow* panels, float* c) {
  for (std::size_t column = 0; column < out; column += kColumns, panels += in) {
    multiply_panel<Vector, kRows>(rows, in, a, panels, c + column, out, std::min(kColumns, out - column));
  }
}

using MultiplyPanels = void (*)(std::size_t rows, std::size_t in, std::size_t out, const float* a,
                                const PanelRow* panels, float* c);

void multiply_plain(std::size_t rows, std::size_t in, std::size_t out, const float* a, const PanelRow* panels,
                    float* c) {
  multiply_panels<Float4, 2>(rows, in, out, a, panels, c);
}

#if defined(__x86_64__)
// As many rows as keep the multipliers busy and still fit into the registers: 16 of 256 bits, 32 of 512.
[[gnu::target("avx2,fma")]] void multiply_avx2(std::size_t rows, std::size_t in, std::size_t out,
                                               const float* a, const PanelRow* panels, float* c) {
  multiply_panels<Float8, 6>(rows, in, out, a, panels, c);
}

[[gnu::target("avx512f,avx2,fma")]] void multiply_avx512(std::size_t rows, std::size_t in, std::size_t out,
                                                         const float* a, const PanelRow* panels, float* c) {
  multiply_panels<Float16, 14>(rows, in, out, a, panels, c);
}

MultiplyPanels choose() {
  if (__builtin_cpu_supports("avx512f")) return multiply_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return multiply_avx2;
  return multiply_plain;
}
#else
MultiplyPanels choose() {
  return multiply_plain;
}
#endif

}  // namespace

PackedMatrix::PackedMatrix(std::size_t in, std::size_t out, const std::vector<float>& values)
    : in_(in), out_(out), panels_(in * ((out + kColumns - 1) / kColumns)) {
  for (std::size_t row = 0; row < in; ++row) {
    for (std::size_t column = 0; column < out; ++column) {
      panels_[column / kColumns * in + row].values[column % kColumns] = values[row * out + column];
    }
  }
}

void PackedMatrix::multiply(std::size_t rows, const float* a, float* c) const {
  static const MultiplyPanels kMultiply = choose();
  kMultiply(rows, in_, out_, a, panels_.data(), c);
}

}  // namespace eddy
