#include "state/profile/words.h"

#include <string>

#include "base/hash.h"

namespace eddy {
namespace {

constexpr std::uint64_t kWordSeed = 0x6564647921ULL;

bool is_word_byte(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\'' || c >= 0x80;
}

/// Lower-cases ASCII, and U+00C0..U+00DE in UTF-8 (C3 80..C3 9E, but for the multiplication sign).
char lower(unsigned char c, unsigned char before) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c + 32);
  if (before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97) return static_cast<char>(c + 32);
  return static_cast<char>(c);
}

}  // namespace

void hash_words(std::string_view text, std::size_t limit, std::vector<std::uint32_t>& words) {
  words.clear();
  std::string word;
  unsigned char before = 0;
  for (std::size_t i = 0; i <= text.size() && words.size() < limit; ++i) {
    const unsigned char c = i < text.size() ? static_cast<unsigned char>(text[i]) : ' ';
    if (is_word_byte(c)) {
      word.push_back(lower(c, before));
    } else if (!word.empty()) {
      words.push_back(static_cast<std::uint32_t>(hash_bytes(word, kWordSeed) & ((1U << kWordHashBits) - 1)));
      word.clear();
    }
    before = c;
  }
}

}  // namespace eddy
