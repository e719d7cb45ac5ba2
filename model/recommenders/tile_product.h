#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace eddy {

/// As PackedMatrix, on the tiles of a processor that has Intel's AMX. They multiply bfloat16 only, so each
/// float is the sum of three of them, and a product of two floats the six products of parts that a float's 24
/// bits can hold: the result is as exact as with float, at half of its time and less (Henry, Tang and
/// Heinecke, arXiv 1904.06376). Values beyond the range of bfloat16, 3.38e38, become infinite. Immutable.
class TileMatrix {
 public:
  /// `values`: in · out floats, row-major.
  TileMatrix(std::size_t in, std::size_t out, const std::vector<float>& values);

  /// c[rows × out] = a[rows × in] · this; both row-major without gaps. A row's result does not depend on the
  /// others. Only where there is CpuCapability::kAmx.
  void multiply(std::size_t rows, const float* a, float* c) const;

  static constexpr std::size_t kTileRows = 16;
  static constexpr std::size_t kParts = 3;  // of a float

  /// What a tile register holds: 16 columns and 32 rows of this, or 16 rows and 32 columns of the left side.
  struct alignas(64) Tile {
    std::uint16_t values[kTileRows][32] = {};
  };

 private:
  std::size_t in_, out_, steps_;
  std::vector<Tile> tiles_;  // for each 32 columns, each 32 rows and each part two tiles, side by side
};

}  // namespace eddy
