#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eddy {

/// Strings with an index each: the tags that a model knows. Immutable.
class Vocabulary {
 public:
  Vocabulary() = default;
  /// Index by position; of equal strings the first counts.
  explicit Vocabulary(std::vector<std::string> words);

  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view word) const {
    const auto found = index_.find(word);
    return found == index_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::size_t size() const { return words_.size(); }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const noexcept;
  };
  std::vector<std::string> words_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> index_;
};

}  // namespace eddy
