#pragma once

#include <cstddef>
#include <vector>

namespace eddy {

/// The right side of many products: a matrix [in × out] of weights, laid out once as the inner loop reads it.
/// A BLAS copies it into such blocks at every call, which is most of the time of a product with few rows.
/// Immutable.
class PackedMatrix {
 public:
  /// `values`: in · out floats, row-major.
  PackedMatrix(std::size_t in, std::size_t out, const std::vector<float>& values);

  /// c[rows × out] = a[rows × in] · this; both row-major without gaps.
  void multiply(std::size_t rows, const float* a, float* c) const;

  static constexpr std::size_t kPanelColumns = 16;
  /// One row of a panel: kPanelColumns neighbouring columns, a cache line.
  struct alignas(64) PanelRow {
    float values[kPanelColumns] = {};
  };

 private:
  std::size_t in_, out_;
  std::vector<PanelRow> panels_;  // panel by panel, each of in_ rows; columns beyond out_ are zero
};

}  // namespace eddy
