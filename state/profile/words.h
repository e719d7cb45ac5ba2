#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace eddy {

/// Word hashes have this many bits. Part of the stored schema.
inline constexpr unsigned kWordHashBits = 21;

/// The hash of each word of a text, in order; at most `limit` words.
/// A word is a run of ASCII letters, digits and apostrophes, or of bytes beyond ASCII; ASCII and Latin-1
/// letters are lower-cased. Hash: the low 21 bits of XXH3. Part of the stored schema: it never changes.
void hash_words(std::string_view text, std::size_t limit, std::vector<std::uint32_t>& words);

/// The hash of an n-gram from the hashes of its words; the words of a 1-gram are its own hash, spread to 64
/// bits.
[[nodiscard]] inline std::uint64_t ngram_hash(const std::uint32_t* words, std::size_t n) noexcept {
  std::uint64_t hash = hash_combine(n, words[0]);
  for (std::size_t i = 1; i < n; ++i) hash = hash_combine(hash, words[i]);
  return hash;
}

}  // namespace eddy
