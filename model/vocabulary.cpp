#include "model/vocabulary.h"

#include <utility>

#include "base/hash.h"

namespace eddy {

Vocabulary::Vocabulary(std::vector<std::string> words) : words_(std::move(words)) {
  index_.reserve(words_.size());
  for (std::uint32_t i = 0; i < words_.size(); ++i) index_.emplace(words_[i], i);
}

std::size_t Vocabulary::Hash::operator()(std::string_view word) const noexcept {
  return hash_bytes(word);
}

}  // namespace eddy
