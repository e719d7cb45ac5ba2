#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/cpu_capability.h"
#include "model/recommenders/tile_product.h"

namespace eddy {

/// The right side of many products: a matrix [in × out] of weights, laid out once as the inner loop reads it.
/// A BLAS copies it into such blocks at every call, which is most of the time of a product with few rows.
/// Immutable.
class PackedMatrix {
 public:
  /// `values`: in · out floats, row-major. `capability`: one that is there.
  PackedMatrix(std::size_t in, std::size_t out, const std::vector<float>& values,
               CpuCapability capability = cpu_capability());

  /// c[rows × out] = a[rows × in] · this; both row-major without gaps. A row's result does not depend on the
  /// other rows.
  void multiply(std::size_t rows, const float* a, float* c) const;

  static constexpr std::size_t kPanelColumns = 16;
  /// One row of a panel: kPanelColumns neighbouring columns, a cache line.
  struct alignas(64) PanelRow {
    float values[kPanelColumns] = {};
  };

 private:
  using MultiplyPanels = void (*)(std::size_t rows, std::size_t in, std::size_t out, const float* a,
                                  const PanelRow* panels, float* c);
  static MultiplyPanels choose(CpuCapability capability);

  std::size_t in_, out_;
  std::optional<TileMatrix> tiles_;  // with AMX, in place of what follows
  MultiplyPanels multiply_panels_ = nullptr;
  std::vector<PanelRow> panels_;  // panel by panel, each of in_ rows; columns beyond out_ are zero
};

}  // namespace eddy
