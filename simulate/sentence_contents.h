#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "simulate/call_contents.h"
#include "simulate/web_contents.h"

namespace eddy {

/// What the published files hold in place of tags and texts: numbers of tags and keywords, and vectors. All
/// of it follows from the contents. Not synchronised.
class SentenceContents {
 public:
  SentenceContents(const WebContents& web, const CallContents& calls);

  /// Tags are numbered from 1 in the order of their names. The tag is one of the site's.
  [[nodiscard]] std::uint32_t tag_number(std::string_view tag) const;
  /// The numbers of the words in a sentence that can fill a slot, each once, in their order; they follow
  /// those of the tags. Names and patterns hold no keyword.
  [[nodiscard]] std::vector<std::uint32_t> keywords(std::string_view sentence) const;
  /// The mean of a fixed random vector for each word (uniform in −1 … 1), rounded to 4 digits: a linear
  /// map of the counts of words. 0 without words. Valid until the next call.
  [[nodiscard]] std::span<const float> embedding(std::string_view sentence);

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_of_tags_, numbers_of_words_;
  std::unordered_map<std::uint32_t, std::vector<float>> vectors_;  ///< by hash of the word
  std::vector<std::uint32_t> words_;
  std::vector<float> mean_;
};

}  // namespace eddy
