#include "model/recommenders/matrix_product.h"

#include <algorithm>

namespace eddy {
namespace {

using PanelRow = PackedMatrix::PanelRow;
constexpr std::size_t kColumns = PackedMatrix::kPanelColumns;

using Float4 [[gnu::vector_size(16)]] = float;
using Float8 [[gnu::vector_size(32)]] = float;
using Float16 [[gnu::vector_size(64)]] = float;

/// The same anywhere in an array of floats.
template <class Vector>
using Unaligned [[gnu::aligned(4), gnu::may_alias]] = Vector;

/// Panels that are taken together, so that few rows have as many independent sums as many rows have.
constexpr std::size_t kGroup = 4;

/// Where a block reads and writes: `a` [rows × in] and `c` [rows × out] from the block's first row and panel
/// on.
struct Operands {
  const float* a;
  const PanelRow* panel;
  float* c;
  std::size_t in, out;
};

/// `kRows` rows of `a` times `kPanels` panels. The sums stay in registers.
template <class Vector, int kRows, int kPanels>
[[gnu::always_inline]] inline void multiply_block(const Operands& at) {
  constexpr int kLanes = static_cast<int>(sizeof(Vector) / sizeof(float));
  constexpr int kParts = static_cast<int>(kColumns) / kLanes;
  using Anywhere = Unaligned<Vector>;
  Vector sums[kRows][kPanels * kParts] = {};
  for (std::size_t k = 0; k < at.in; ++k) {
    Vector b[kPanels * kParts];
#pragma GCC unroll 16
    for (int part = 0; part < kPanels * kParts; ++part) {
      const PanelRow& values = at.panel[static_cast<std::size_t>(part / kParts) * at.in + k];
      b[part] = *reinterpret_cast<const Anywhere*>(values.values + part % kParts * kLanes);
    }
#pragma GCC unroll 16
    for (int row = 0; row < kRows; ++row) {
      const float factor = at.a[static_cast<std::size_t>(row) * at.in + k];
#pragma GCC unroll 16
      for (int part = 0; part < kPanels * kParts; ++part) sums[row][part] += factor * b[part];
    }
  }
#pragma GCC unroll 16
  for (int row = 0; row < kRows; ++row) {
#pragma GCC unroll 16
    for (int part = 0; part < kPanels * kParts; ++part)
      *reinterpret_cast<Anywhere*>(at.c + static_cast<std::size_t>(row) * at.out + part * kLanes) =
          sums[row][part];
  }
}

/// Fewer than kMostRows rows times a group of panels.
template <class Vector, int kMostRows, int kRows = kMostRows - 1>
[[gnu::always_inline]] inline void multiply_rest(std::size_t rows, const Operands& at, std::size_t panels) {
  if (rows == kRows) {
    constexpr int kTogether = kMostRows >= 4 * kRows ? 4 : kMostRows >= 2 * kRows ? 2 : 1;
    Operands block = at;
    while (panels > 0) {
      const bool whole = panels >= kTogether;
      whole ? multiply_block<Vector, kRows, kTogether>(block) : multiply_block<Vector, kRows, 1>(block);
      const std::size_t done = whole ? kTogether : 1;
      block.panel += done * at.in;
      block.c += done * kColumns;
      panels -= done;
    }
  } else if constexpr (kRows > 1) {
    multiply_rest<Vector, kMostRows, kRows - 1>(rows, at, panels);
  }
}

/// All rows times a group of panels. `panels_left` counts those behind the group, too: each block of rows
/// asks for its share of the next panel, which would else come from the third-level cache while the first
/// block waits.
template <class Vector, int kRows>
[[gnu::always_inline]] inline void multiply_group(std::size_t rows, const Operands& at, std::size_t panels,
                                                  std::size_t panels_left) {
  constexpr int kSecondLevel = 2;
  const std::size_t whole = rows / kRows * kRows;
  const std::size_t share = whole == 0 ? 0 : at.in * kRows / whole;
  for (std::size_t panel = 0; panel < panels; ++panel) {
    const PanelRow* next = at.panel + (panel + 1) * at.in;
    const std::size_t ahead = panel + 1 < panels_left ? share : 0;
    for (std::size_t row = 0; row < whole; row += kRows) {
      for (std::size_t i = 0; i < ahead; ++i) __builtin_prefetch(next + i, 0, kSecondLevel);
      next += ahead;
      multiply_block<Vector, kRows, 1>({at.a + row * at.in, at.panel + panel * at.in,
                                        at.c + row * at.out + panel * kColumns, at.in, at.out});
    }
  }
  if (whole == rows) return;
  multiply_rest<Vector, kRows>(
      rows - whole, {at.a + whole * at.in, at.panel, at.c + whole * at.out, at.in, at.out}, panels);
}

/// The last panel has room for more columns than `c`, so it is multiplied aside.
template <class Vector, int kRows>
[[gnu::always_inline]] inline void multiply_last(std::size_t rows, const Operands& at, std::size_t columns) {
  float whole[kRows * kColumns];
  for (std::size_t row = 0; row < rows; row += kRows) {
    const std::size_t count = std::min<std::size_t>(kRows, rows - row);
    multiply_group<Vector, kRows>(count, {at.a + row * at.in, at.panel, whole, at.in, kColumns}, 1, 1);
    for (std::size_t i = 0; i < count; ++i)
      std::copy_n(whole + i * kColumns, columns, at.c + (row + i) * at.out);
  }
}

template <class Vector, int kRows>
[[gnu::always_inline]] inline void multiply_panels(std::size_t rows, std::size_t in, std::size_t out,
                                                   const float* a, const PanelRow* panels, float* c) {
  const std::size_t whole = out / kColumns;
  const std::size_t all = (out + kColumns - 1) / kColumns;
  for (std::size_t panel = 0; panel < whole; panel += kGroup) {
    multiply_group<Vector, kRows>(rows, {a, panels + panel * in, c + panel * kColumns, in, out},
                                  std::min(kGroup, whole - panel), all - panel);
  }
  const std::size_t left = out % kColumns;
  if (left > 0)
    multiply_last<Vector, kRows>(rows, {a, panels + whole * in, c + whole * kColumns, in, out}, left);
}

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

#endif

}  // namespace

PackedMatrix::MultiplyPanels PackedMatrix::choose([[maybe_unused]] CpuCapability capability) {
#if defined(__x86_64__)
  if (capability >= CpuCapability::kAvx512) return multiply_avx512;
  if (capability >= CpuCapability::kAvx2) return multiply_avx2;
#endif
  return multiply_plain;
}

PackedMatrix::PackedMatrix(std::size_t in, std::size_t out, const std::vector<float>& values,
                           CpuCapability capability)
    : in_(in), out_(out) {
  if (capability >= CpuCapability::kAmx) {
    tiles_.emplace(in, out, values);
    return;
  }
  multiply_panels_ = choose(capability);
  panels_.resize(in * ((out + kColumns - 1) / kColumns));
  for (std::size_t row = 0; row < in; ++row) {
    for (std::size_t column = 0; column < out; ++column) {
      panels_[column / kColumns * in + row].values[column % kColumns] = values[row * out + column];
    }
  }
}

void PackedMatrix::multiply(std::size_t rows, const float* a, float* c) const {
  tiles_ ? tiles_->multiply(rows, a, c) : multiply_panels_(rows, in_, out_, a, panels_.data(), c);
}

}  // namespace eddy
