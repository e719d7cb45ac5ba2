#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/text/bert_text.h"

namespace eddy {

struct BertTokenizerOptions {
  BertTextOptions text;
  std::size_t max_tokens = 512;                                   ///< with [CLS] and [SEP]; at least 2
  std::string unknown = "[UNK]", begin = "[CLS]", end = "[SEP]";  ///< as vocab.txt names them
};

/// Texts to numbers of pieces, as BERT's tokenizer makes them. Immutable.
class BertTokenizer {
 public:
  /// `vocabulary`: the content of vocab.txt, a piece a line; a piece's number is that of its line, from 0.
  /// Error (user's): one of the three special pieces is not there.
  static Result<BertTokenizer> make(std::string_view vocabulary, BertTokenizerOptions options);

  [[nodiscard]] std::size_t vocabulary_size() const { return size_; }
  /// [CLS], the pieces of the text as far as they find place, [SEP]. A word becomes the longest pieces from
  /// its beginning on; one that cannot be made of pieces, or is longer than 100 characters, becomes [UNK].
  [[nodiscard]] std::vector<std::uint32_t> tokenize(std::string_view text) const;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Pieces = std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;

  BertTokenizer() = default;
  void append_pieces(std::string_view word, std::vector<std::uint32_t>& ids) const;

  BertTokenizerOptions options_;
  Pieces beginnings_, continuations_;   // without their "##"
  std::size_t size_ = 0, longest_ = 0;  // of pieces, in bytes
  std::uint32_t unknown_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace eddy
