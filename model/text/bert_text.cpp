#include "model/text/bert_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace eddy {
namespace {

using CodePoint = utf8proc_int32_t;

constexpr CodePoint kReplacement = 0xFFFD;

struct CodeRange {
  CodePoint first, last;
};

template <std::size_t kCount>
bool is_in(const std::array<CodeRange, kCount>& ranges, CodePoint code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const CodeRange& range) { return range.first <= code && code <= range.last; });
}

/// The blocks that BERT calls CJK: ideographs, but neither Hangul nor Kana. The last but two begins where
/// transformers' tokenizer lets it begin.
bool is_ideograph(CodePoint code) {
  static constexpr std::array<CodeRange, 8> kIdeographs{{{0x4E00, 0x9FFF},
                                                         {0x3400, 0x4DBF},
                                                         {0x20000, 0x2A6DF},
                                                         {0x2A700, 0x2B73F},
                                                         {0x2B740, 0x2B81F},
                                                         {0x2B920, 0x2CEAF},
                                                         {0xF900, 0xFAFF},
                                                         {0x2F800, 0x2FA1F}}};
  return is_in(kIdeographs, code);
}

bool is_space(CodePoint code) {
  if (code == '\t' || code == '\n' || code == '\r') return true;
  const auto category = utf8proc_category(code);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

/// What says nothing. A code point without a character (Cn) is none of these: newer characters are such to an
/// older Unicode, and become [UNK] in both.
bool is_control(CodePoint code) {
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
      return true;
    default:
      return false;
  }
}

/// Unicode's, and all ASCII marks that are no letters or digits, such as $ and ^.
bool is_punctuation(CodePoint code) {
  static constexpr std::array<CodeRange, 4> kAscii{{{33, 47}, {58, 64}, {91, 96}, {123, 126}}};
  if (is_in(kAscii, code)) return true;
  const auto category = utf8proc_category(code);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

/// The text's code points that count, with spaces around ideographs.
std::vector<CodePoint> cleaned(std::string_view text, bool split_cjk) {
  std::vector<CodePoint> codes;
  codes.reserve(text.size());
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  for (utf8proc_ssize_t at = 0; at < size;) {
    CodePoint code = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(bytes + at, size - at, &code);
    at += std::max<utf8proc_ssize_t>(1, length);
    if (length <= 0 || code == kReplacement) continue;
    if (is_space(code)) {
      codes.push_back(' ');
    } else if (is_control(code)) {
      continue;
    } else if (split_cjk && is_ideograph(code)) {
      codes.insert(codes.end(), {' ', code, ' '});
    } else {
      codes.push_back(code);
    }
  }
  return codes;
}

/// The canonical decomposition (NFD) without the marks that stand on other characters. Their order, which NFD
/// would restore, does not matter to what is left.
std::vector<CodePoint> without_accents(const std::vector<CodePoint>& codes) {
  constexpr std::size_t kMostParts = 16;  // Unicode's longest canonical decomposition has 4
  std::vector<CodePoint> bare;
  bare.reserve(codes.size());
  std::array<CodePoint, kMostParts> parts{};
  for (const CodePoint code : codes) {
    int boundary = 0;
    const auto count = utf8proc_decompose_char(
        code, parts.data(), parts.size(),
        static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE), &boundary);
    if (count <= 0 || static_cast<std::size_t>(count) > parts.size()) continue;
    for (utf8proc_ssize_t i = 0; i < count; ++i) {
      const CodePoint part = parts.at(static_cast<std::size_t>(i));
      if (utf8proc_category(part) != UTF8PROC_CATEGORY_MN) bare.push_back(part);
    }
  }
  return bare;
}

void append_utf8(CodePoint code, std::string& word) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(code, bytes.data());
  word.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

/// Small letters. The capital I with a dot is the one letter whose small form is two code points.
void append_lower(CodePoint code, std::string& word) {
  constexpr CodePoint kDottedCapitalI = 0x130, kDotAbove = 0x307;
  if (code != kDottedCapitalI) {
    append_utf8(utf8proc_tolower(code), word);
    return;
  }
  append_utf8('i', word);
  append_utf8(kDotAbove, word);
}

}  // namespace

void split_bert_text(std::string_view text, const BertTextOptions& options, std::vector<std::string>& words) {
  words.clear();
  std::vector<CodePoint> codes = cleaned(text, options.split_cjk);
  if (options.strip_accents.value_or(options.lower_case)) codes = without_accents(codes);
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (const CodePoint code : codes) {
    const bool is_mark = is_punctuation(code);
    if (is_mark || code == ' ') end_word();
    if (code == ' ') continue;
    if (options.lower_case) {
      append_lower(code, word);
    } else {
      append_utf8(code, word);
    }
    if (is_mark) end_word();
  }
  end_word();
}

}  // namespace eddy
