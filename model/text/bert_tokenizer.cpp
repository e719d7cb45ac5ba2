#include "model/text/bert_tokenizer.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace eddy {
namespace {

constexpr std::string_view kContinuation = "##";
constexpr std::size_t kMostCharacters = 100;

bool is_inside_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::size_t characters(std::string_view word) {
  return static_cast<std::size_t>(
      std::count_if(word.begin(), word.end(), [](char byte) { return !is_inside_character(byte); }));
}

}  // namespace

Result<BertTokenizer> BertTokenizer::make(std::string_view vocabulary, BertTokenizerOptions options) {
  BertTokenizer tokenizer;
  tokenizer.options_ = std::move(options);
  while (!vocabulary.empty()) {
    const std::size_t end = std::min(vocabulary.find('\n'), vocabulary.size());
    std::string_view piece = vocabulary.substr(0, end);
    vocabulary.remove_prefix(std::min(end + 1, vocabulary.size()));
    if (piece.ends_with('\r')) piece.remove_suffix(1);
    const auto number = static_cast<std::uint32_t>(tokenizer.size_++);
    tokenizer.longest_ = std::max(tokenizer.longest_, piece.size());
    tokenizer.beginnings_.insert_or_assign(std::string(piece), number);
    if (piece.starts_with(kContinuation))
      tokenizer.continuations_.insert_or_assign(std::string(piece.substr(kContinuation.size())), number);
  }
  for (const auto& [name, number] : {std::pair{&tokenizer.options_.unknown, &tokenizer.unknown_},
                                     std::pair{&tokenizer.options_.begin, &tokenizer.begin_},
                                     std::pair{&tokenizer.options_.end, &tokenizer.end_}}) {
    const auto found = tokenizer.beginnings_.find(*name);
    if (found == tokenizer.beginnings_.end()) return user_error("the vocabulary has no " + *name);
    *number = found->second;
  }
  return tokenizer;
}

std::vector<std::uint32_t> BertTokenizer::tokenize(std::string_view text) const {
  std::vector<std::string> words;
  split_bert_text(text, options_.text, words);
  std::vector<std::uint32_t> ids{begin_};
  for (const std::string& word : words) {
    if (ids.size() >= options_.max_tokens) break;
    append_pieces(word, ids);
  }
  ids.resize(std::min(ids.size(), std::max<std::size_t>(2, options_.max_tokens) - 1));
  ids.push_back(end_);
  return ids;
}

void BertTokenizer::append_pieces(std::string_view word, std::vector<std::uint32_t>& ids) const {
  const std::size_t before = ids.size();
  std::string_view rest = characters(word) > kMostCharacters ? std::string_view{} : word;
  while (!rest.empty()) {
    const Pieces& pieces = ids.size() == before ? beginnings_ : continuations_;
    std::size_t length = std::min(rest.size(), longest_);
    auto found = pieces.end();
    for (; length > 0; --length) {
      if (length < rest.size() && is_inside_character(rest[length])) continue;
      found = pieces.find(rest.substr(0, length));
      if (found != pieces.end()) break;
    }
    if (length == 0) break;
    ids.push_back(found->second);
    rest.remove_prefix(length);
  }
  if (ids.size() > before && rest.empty()) return;
  ids.resize(before);
  ids.push_back(unknown_);
}

}  // namespace eddy
