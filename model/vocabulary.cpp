#include "model/vocabulary.h"

#include <bit>
#include <utility>

#include "base/hash.h"

namespace eddy {

Vocabulary::Vocabulary(std::vector<std::string> words) : words_(std::move(words)) {
  if (words_.empty()) return;
  slots_.resize(std::bit_ceil(2 * words_.size()));
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t i = 0; i < words_.size(); ++i) {
    if (find(words_[i])) continue;
    const std::uint64_t hash = hash_bytes(words_[i]);
    std::size_t slot = hash & mask;
    while (slots_[slot].index_plus_one != 0) slot = (slot + 1) & mask;
    slots_[slot] = {hash, i + 1};
  }
}

std::optional<std::uint32_t> Vocabulary::find(std::string_view word) const {
  if (slots_.empty()) return std::nullopt;
  const std::size_t mask = slots_.size() - 1;
  const std::uint64_t hash = hash_bytes(word);
  for (std::size_t slot = hash & mask; slots_[slot].index_plus_one != 0; slot = (slot + 1) & mask) {
    const std::uint32_t index = slots_[slot].index_plus_one - 1;
    if (slots_[slot].hash == hash && words_[index] == word) return index;
  }
  return std::nullopt;
}

}  // namespace eddy
