#include "simulate/sentence_contents.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "import/tryg_format.h"
#include "state/profile/words.h"

namespace eddy {

namespace {

constexpr std::size_t kMostWords = 256;
constexpr float kSteps = 10'000;

bool is_of_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
}

std::vector<float> random_vector(std::uint32_t seed) {
  Random random(seed);
  std::vector<float> vector(tryg::kEmbeddingSize);
  for (float& value : vector) value = static_cast<float>(2 * random.uniform() - 1);
  return vector;
}

}  // namespace

SentenceContents::SentenceContents(const WebContents& web, const CallContents& calls)
    : mean_(tryg::kEmbeddingSize) {
  std::set<std::string> tags;
  for (std::size_t page = 0; page < web.mixture().size(); ++page) {
    tags.insert(web.tags(page).begin(), web.tags(page).end());
  }
  std::uint32_t number = 0;
  for (const std::string& tag : tags) numbers_of_tags_[tag] = ++number;
  for (const std::string& word : calls.slot_words()) numbers_of_words_[word] = ++number;
}

std::uint32_t SentenceContents::tag_number(std::string_view tag) const {
  return numbers_of_tags_.at(std::string(tag));
}

std::vector<std::uint32_t> SentenceContents::keywords(std::string_view sentence) const {
  std::vector<std::uint32_t> numbers;
  std::string word;
  for (std::size_t i = 0; i <= sentence.size(); ++i) {
    if (i < sentence.size() && is_of_word(sentence[i])) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(sentence[i])));
      continue;
    }
    const auto found = numbers_of_words_.find(word);
    if (found != numbers_of_words_.end() &&
        std::find(numbers.begin(), numbers.end(), found->second) == numbers.end()) {
      numbers.push_back(found->second);
    }
    word.clear();
  }
  return numbers;
}

std::span<const float> SentenceContents::embedding(std::string_view sentence) {
  words_.clear();
  hash_words(sentence, kMostWords, words_);
  std::fill(mean_.begin(), mean_.end(), 0.0F);
  for (const std::uint32_t word : words_) {
    auto known = vectors_.find(word);
    if (known == vectors_.end()) known = vectors_.emplace(word, random_vector(word)).first;
    for (std::size_t i = 0; i < mean_.size(); ++i) mean_[i] += known->second[i];
  }
  const float count = std::max<float>(1, static_cast<float>(words_.size()));
  for (float& value : mean_) value = std::round(value / count * kSteps) / kSteps + 0.0F;  // no −0
  return mean_;
}

}  // namespace eddy
