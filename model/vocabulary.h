#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

/// Strings with an index each: the tags that a model knows. Immutable.
class Vocabulary {
 public:
  Vocabulary() = default;
  /// Index by position; of equal strings the first counts.
  explicit Vocabulary(std::vector<std::string> words);

  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view word) const;
  [[nodiscard]] std::size_t size() const { return words_.size(); }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

 private:
  /// Open addressing, at most half full: a look-up touches one cache line and compares one string.
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t index_plus_one = 0;  // 0: free
  };
  std::vector<std::string> words_;
  std::vector<Slot> slots_;  // a power of two, or empty
};

}  // namespace eddy
