#include "simulate/call_contents.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <numeric>
#include <set>
#include <utility>

#include "simulate/call_phrases.h"

namespace eddy {

namespace {

constexpr std::size_t kMadeUpWordsOfAProduct = 30;
constexpr std::size_t kNames = 1800;

void split_words(std::string_view text, std::vector<std::string>& out) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// Such as the brands and streets that real calls are full of.
std::string made_up_word(Random& random, std::size_t syllables) {
  static constexpr std::string_view kOnsets[] = {"b", "br", "d", "f", "gr", "h", "k",  "l", "m",
                                                 "n", "p",  "r", "s", "st", "t", "tr", "v", "w"};
  static constexpr std::string_view kRhymes[] = {"a", "al", "an", "e",  "el", "en", "er",
                                                 "i", "in", "o",  "or", "u",  "um"};
  std::string word;
  for (; syllables > 0; --syllables) {
    word += kOnsets[random.below(std::size(kOnsets))];
    word += kRhymes[random.below(std::size(kRhymes))];
  }
  return word;
}

/// Made-up words that are new, so that a word has one meaning.
std::vector<std::string> made_up_words(std::size_t count, std::set<std::string>& known, Random& random) {
  std::vector<std::string> words;
  while (words.size() < count) {
    std::string word = made_up_word(random, 2 + random.below(3));
    if (known.insert(word).second) words.push_back(std::move(word));
  }
  return words;
}

/// Without punctuation and capitals.
std::string bare(std::string word) {
  std::erase_if(word, [](unsigned char c) { return std::ispunct(c) != 0 && c != '-'; });
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

std::set<std::string> all_pattern_words() {
  std::set<std::string> known;
  for (const auto list : {phrases::greetings(), phrases::farewells(), phrases::agent_patterns(),
                          phrases::customer_patterns()}) {
    for (const std::string_view pattern : list) {
      std::vector<std::string> words;
      split_words(pattern, words);
      for (std::string& word : words) known.insert(bare(std::move(word)));
    }
  }
  return known;
}

}  // namespace

CallContents::Lexicon CallContents::make_lexicon() {
  Random random(20240525);  // the language is the same whatever the seed of the users
  Lexicon lexicon;
  std::vector<std::string> general;
  split_words(phrases::general_words(), general);
  std::set<std::string> known = all_pattern_words();
  // A word of a pattern never fills a slot, so that what was said tells slots from the rest.
  std::erase_if(general, [&](const std::string& word) { return known.contains(word); });
  for (std::size_t i = 0; i < general.size(); ++i) {
    lexicon.outcomes.push_back({std::nullopt, 1.0 / static_cast<double>(i % 40 + 10)});
  }
  lexicon.words = std::move(general);
  known.insert(lexicon.words.begin(), lexicon.words.end());
  for (ItemIndex item = 0; item < published::kItems; ++item) {
    std::vector<std::string> words;
    split_words(phrases::product_words(item), words);
    known.insert(words.begin(), words.end());
    std::vector<std::string> brands = made_up_words(kMadeUpWordsOfAProduct, known, random);
    const auto ordinary = static_cast<double>(words.size());
    // Ordinary words make four fifths of what is said of a product, its many brands the rest.
    for (std::size_t i = 0; i < words.size(); ++i) lexicon.outcomes.push_back({item, 0.8 / ordinary});
    for (std::size_t i = 0; i < brands.size(); ++i) {
      lexicon.outcomes.push_back({item, 0.2 / static_cast<double>(kMadeUpWordsOfAProduct)});
    }
    std::move(words.begin(), words.end(), std::back_inserter(lexicon.words));
    std::move(brands.begin(), brands.end(), std::back_inserter(lexicon.words));
  }
  return lexicon;
}

CallContents::CallContents() : CallContents(make_lexicon()) {}

CallContents::CallContents(Lexicon lexicon)
    : words_(std::move(lexicon.words)),
      customer_(lexicon.outcomes, kCustomerShares),
      agent_(lexicon.outcomes, kAgentShares),
      sorted_words_(words_.size()) {
  std::set<std::string> known = all_pattern_words();
  known.insert(words_.begin(), words_.end());
  Random random(20240526);
  names_ = made_up_words(kNames, known, random);
  for (std::string& name : names_) name[0] = static_cast<char>(name[0] - 'a' + 'A');
  std::iota(sorted_words_.begin(), sorted_words_.end(), std::size_t{0});
  std::sort(sorted_words_.begin(), sorted_words_.end(),
            [this](std::size_t a, std::size_t b) { return words_[a] < words_[b]; });
}

void CallContents::say(Turn turn, const ItemIndex* need, Random& random, std::string& text,
                       Evidence& evidence) const {
  std::span<const std::string_view> patterns = phrases::customer_patterns();
  if (turn == Turn::kGreeting) patterns = phrases::greetings();
  if (turn == Turn::kFarewell) patterns = phrases::farewells();
  if (turn == Turn::kAgent) patterns = phrases::agent_patterns();
  const TopicMixture& words = mixture(turn == Turn::kCustomer ? Speaker::kCustomer : Speaker::kAgent);
  for (const char c : patterns[random.below(patterns.size())]) {
    if (c == '#') {
      const std::size_t word = need != nullptr ? words.draw(*need, random) : words.draw_background(random);
      const Evidence& said = words.log_ratio(word);
      for (std::size_t i = 0; i < evidence.size(); ++i) evidence[i] += said[i];
      text += words_[word];
    } else if (c == '@') {
      text += names_[random.below(names_.size())];
    } else {
      text += c;
    }
  }
}

const Evidence* CallContents::log_ratio(Speaker speaker, std::string_view word) const {
  const auto found =
      std::lower_bound(sorted_words_.begin(), sorted_words_.end(), word,
                       [this](std::size_t index, std::string_view value) { return words_[index] < value; });
  if (found == sorted_words_.end() || words_[*found] != word) return nullptr;
  return &mixture(speaker).log_ratio(*found);
}

}  // namespace eddy
