#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

/// How BERT's text is made even before it is looked up.
struct BertTextOptions {
  bool lower_case = true;
  std::optional<bool> strip_accents{};  ///< nothing: as lower_case
  bool split_cjk = true;                ///< a CJK ideograph is a word
};

/// Splits a text as BERT's BasicTokenizer does: control characters go, every kind of white space is a space,
/// CJK ideographs and marks of punctuation stand alone, accents are taken off (NFD without category Mn), and
/// letters become small. Names such as "[SEP]" in a text are text. Bytes that are no UTF-8 are left out.
/// Replaces `words`; each is UTF-8.
void split_bert_text(std::string_view text, const BertTextOptions& options, std::vector<std::string>& words);

}  // namespace eddy
