#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "model/text/bert_tokenizer.h"

/// libFuzzer: any bytes are a text, whose pieces are in the vocabulary and no more than allowed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto tokenizers = [] {
    constexpr std::string_view kPieces =
        "[UNK]\n[CLS]\n[SEP]\na\n##a\n##\xCC\x88\n\xC3\xA4\n##\xC3\xA4\n.\n\xE6\x9D\xB1\n";
    eddy::BertTokenizerOptions small, capital;
    small.max_tokens = capital.max_tokens = 16;
    capital.text.lower_case = false;
    return std::pair{eddy::BertTokenizer::make(kPieces, small).value(),
                     eddy::BertTokenizer::make(kPieces, capital).value()};
  }();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto* tokenizer : {&tokenizers.first, &tokenizers.second}) {
    const auto ids = tokenizer->tokenize(text);
    if (ids.size() < 2 || ids.size() > 16 || ids.front() != 1 || ids.back() != 2) std::abort();
    for (const std::uint32_t id : ids)
      if (id >= tokenizer->vocabulary_size()) std::abort();
  }
  return 0;
}
