#include "model/recommenders/tile_product.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <iterator>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace eddy {
namespace {

using Tile = TileMatrix::Tile;
constexpr std::size_t kTileRows = TileMatrix::kTileRows;
constexpr std::size_t kParts = TileMatrix::kParts;
constexpr std::size_t kStep = 32;         // what a tile adds up at a time
constexpr std::size_t kBlock = 2;         // tiles each way that are multiplied together
constexpr std::size_t kTileColumns = 16;  // of a result
constexpr std::size_t kPanel = kBlock * kTileColumns;
constexpr std::size_t kBlockRows = kBlock * kTileRows;

/// The nearest bfloat16, ties to even.
std::uint16_t to_bfloat16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U);
}

float from_bfloat16(std::uint16_t value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16U);
}

}  // namespace

TileMatrix::TileMatrix(std::size_t in, std::size_t out, const std::vector<float>& values)
    : in_(in),
      out_(out),
      steps_((in + kStep - 1) / kStep),
      tiles_((out + kPanel - 1) / kPanel * steps_ * kParts * kBlock) {
  for (std::size_t row = 0; row < in; ++row) {
    for (std::size_t column = 0; column < out; ++column) {
      Tile* parts = &tiles_[(column / kPanel * steps_ + row / kStep) * kParts * kBlock];
      float left = values[row * out + column];
      for (std::size_t part = 0; part < kParts; ++part) {
        const std::uint16_t value = to_bfloat16(left);
        left -= from_bfloat16(value);
        Tile& tile = parts[part * kBlock + column % kPanel / kTileColumns];
        // Neighbours of a column lie side by side: a tile's row has two of each of its columns.
        tile.values[row % kStep / 2][column % kTileColumns * 2 + row % 2] = value;
      }
    }
  }
}

#if defined(__x86_64__)

namespace {

#define EDDY_TILES [[gnu::target("amx-tile,amx-bf16,avx512f,avx512vl,avx512bf16")]]

/// The operand of LDTILECFG.
struct alignas(64) TileConfig {
  /// For a block of `count` rows, at most two tiles: loads, products and stores touch these rows only.
  explicit TileConfig(std::size_t count) {
    const auto upper = static_cast<std::uint8_t>(std::min(kTileRows, count));
    const auto lower = static_cast<std::uint8_t>(count - upper);
    const std::uint8_t of_register[] = {upper, upper, lower, lower, upper, lower, kTileRows, kTileRows};
    for (std::size_t i = 0; i < std::size(of_register); ++i) {
      rows[i] = of_register[i];
      row_bytes[i] = of_register[i] > 0 ? sizeof(Tile) / kTileRows : 0;
    }
  }
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {};
  std::uint8_t rows[16] = {};
};
static_assert(sizeof(TileConfig) == 64);

/// GCC's intrinsics do not say what tiles and their configuration are loaded from. After this, what was
/// written at `begin` and behind it is in memory.
[[gnu::always_inline]] inline void write_out(const void* begin) {
  __asm__ volatile("" : : "r"(begin) : "memory");
}

using Halves [[gnu::vector_size(32), gnu::may_alias]] = std::uint16_t;
using Words [[gnu::vector_size(64)]] = std::uint32_t;

/// What 16 bfloat16 are as floats.
EDDY_TILES [[gnu::always_inline]] inline __m512 widen(const std::uint16_t* values) {
  const Halves halves = *reinterpret_cast<const Halves*>(values);
  return reinterpret_cast<__m512>(__builtin_convertvector(halves, Words) << 16U);
}

/// The parts of `rows` rows of `a`, at most 16: for each step kParts tiles.
EDDY_TILES void split_rows(std::size_t rows, std::size_t in, const float* a, Tile* to) {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t k = 0; k < in; k += kStep) {
      const auto some = static_cast<std::uint32_t>(std::min(kStep, in - k));
      const std::uint32_t mask = some == kStep ? ~0U : (1U << some) - 1;
      const float* from = a + row * in + k;
      __m512 low = _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), from);
      __m512 high = mask >> 16U == 0 ? _mm512_setzero_ps()
                                     : _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask >> 16U), from + 16);
      Tile* parts = to + k / kStep * kParts;
      for (std::size_t part = 0; part < kParts; ++part) {
        std::uint16_t* values = parts[part].values[row];
        _mm512_store_si512(values, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low)));
        low = _mm512_sub_ps(low, widen(values));
        high = _mm512_sub_ps(high, widen(values + 16));
      }
    }
  }
}

constexpr int kRowBytes = sizeof(Tile) / kTileRows;

// Registers 0 to 3 hold the sums, 4 and 5 a part of the left side, 6 and 7 one of the right side.
#define EDDY_LOAD_LEFT(part)             \
  _tile_loadd(4, a + (part), kRowBytes); \
  if constexpr (kRowTiles > 1) _tile_loadd(5, a + below + (part), kRowBytes)
#define EDDY_LOAD_RIGHT(part)                   \
  _tile_loadd(6, b + (part)*kBlock, kRowBytes); \
  _tile_loadd(7, b + (part)*kBlock + 1, kRowBytes)
#define EDDY_MULTIPLY()          \
  _tile_dpbf16ps(0, 4, 6);       \
  _tile_dpbf16ps(1, 4, 7);       \
  if constexpr (kRowTiles > 1) { \
    _tile_dpbf16ps(2, 5, 6);     \
    _tile_dpbf16ps(3, 5, 7);     \
  }                              \
  static_assert(true)

/// One or two tiles of rows times the two tiles of columns of a panel. `c` is where the first sum goes.
template <int kRowTiles>
EDDY_TILES void multiply_block(std::size_t steps, const Tile* a, const Tile* b, float* c, std::size_t out) {
  const std::size_t below = steps * kParts;
  _tile_zero(0);
  _tile_zero(1);
  if constexpr (kRowTiles > 1) {
    _tile_zero(2);
    _tile_zero(3);
  }
  for (std::size_t step = 0; step < steps; ++step, a += kParts, b += kParts * kBlock) {
    EDDY_LOAD_LEFT(0);
    EDDY_LOAD_RIGHT(2);
    EDDY_MULTIPLY();
    EDDY_LOAD_RIGHT(1);
    EDDY_MULTIPLY();
    EDDY_LOAD_RIGHT(0);
    EDDY_MULTIPLY();
    EDDY_LOAD_LEFT(2);
    EDDY_MULTIPLY();
    EDDY_LOAD_LEFT(1);
    EDDY_MULTIPLY();
    EDDY_LOAD_RIGHT(1);
    EDDY_MULTIPLY();
  }
  const auto bytes = static_cast<long>(out * sizeof(float));
  _tile_stored(0, c, bytes);
  _tile_stored(1, c + kTileColumns, bytes);
  if constexpr (kRowTiles > 1) {
    _tile_stored(2, c + kTileRows * out, bytes);
    _tile_stored(3, c + kTileRows * out + kTileColumns, bytes);
  }
}

/// Blocks of `count` rows, at most two tiles, times all panels.
EDDY_TILES void multiply_blocks(std::size_t blocks, std::size_t count, std::size_t steps, std::size_t out,
                                const Tile* a, const Tile* b, float* c) {
  const TileConfig config(count);
  write_out(&config);
  _tile_loadconfig(&config);
  for (std::size_t column = 0; column < out; column += kPanel, b += steps * kParts * kBlock) {
    const std::size_t columns = std::min(kPanel, out - column);
    for (std::size_t block = 0; block < blocks; ++block) {
      const Tile* left = a + block * kBlock * steps * kParts;
      float* to = c + block * kBlockRows * out + column;
      alignas(64) float aside[kBlockRows * kPanel];  // for columns beyond the last one
      float* sums = columns == kPanel ? to : aside;
      const std::size_t width = columns == kPanel ? out : kPanel;
      count > kTileRows ? multiply_block<2>(steps, left, b, sums, width)
                        : multiply_block<1>(steps, left, b, sums, width);
      for (std::size_t row = 0; row < count && sums == aside; ++row)
        std::copy_n(aside + row * kPanel, columns, to + row * out);
    }
  }
}

}  // namespace

EDDY_TILES void TileMatrix::multiply(std::size_t rows, const float* a, float* c) const {
  // So many rows at once that their parts stay in the second-level cache.
  constexpr std::size_t kCacheBytes = std::size_t{200} << 10U;
  const std::size_t row_tiles = steps_ * kParts;
  const std::size_t block_tiles = kBlock * row_tiles;
  const std::size_t block_bytes = std::max<std::size_t>(1, block_tiles * sizeof(Tile));
  const std::size_t most_blocks = std::max<std::size_t>(1, kCacheBytes / block_bytes);
  thread_local std::vector<Tile> parts;
  if (parts.size() < most_blocks * block_tiles) parts.resize(most_blocks * block_tiles);
  while (rows > 0) {
    const std::size_t count = std::min(rows, most_blocks * kBlockRows);
    for (std::size_t row = 0; row < count; row += kTileRows)
      split_rows(std::min(kTileRows, count - row), in_, a + row * in_,
                 parts.data() + row / kTileRows * row_tiles);
    write_out(parts.data());
    const std::size_t whole = count / kBlockRows;
    const std::size_t rest = count % kBlockRows;
    if (whole > 0) multiply_blocks(whole, kBlockRows, steps_, out_, parts.data(), tiles_.data(), c);
    if (rest > 0)
      multiply_blocks(1, rest, steps_, out_, parts.data() + whole * block_tiles, tiles_.data(),
                      c + whole * kBlockRows * out_);
    rows -= count;
    a += count * in_;
    c += count * out_;
  }
  _tile_release();  // or the system saves 8 KiB whenever it takes the processor away
}

#else

void TileMatrix::multiply(std::size_t, const float*, float*) const {
  assert(false);
}

#endif

}  // namespace eddy
