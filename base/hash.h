#pragma once

#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace eddy {

/// XXH3, 64 bits: the one hash of bytes in Eddy. Its values are part of the stored schema; they do not change
/// between machines or versions.
[[nodiscard]] inline std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0) noexcept {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

/// Mixes two hashes; not symmetric.
[[nodiscard]] inline std::uint64_t hash_combine(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t x = a * 0x9E3779B97F4A7C15ULL + b;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

}  // namespace eddy
