#include "model/text/bert_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "model/text/bert_text.h"

namespace eddy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> words(std::string_view text, const BertTextOptions& options = {}) {
  std::vector<std::string> split;
  split_bert_text(text, options, split);
  return split;
}

// 0…
constexpr std::string_view kVocabulary =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\nun\n##aff\n##able\nunaff\n!\nü\nu\n##u\n東\n";

BertTokenizer tokenizer(std::size_t max_tokens = 512) {
  BertTokenizerOptions options;
  options.max_tokens = max_tokens;
  return BertTokenizer::make(kVocabulary, options).value();
}

TEST(BertText, letters_become_small_and_lose_their_accents) {
  EXPECT_THAT(words("Café HÔTEL Ångström na\xCC\x88ive"), ElementsAre("cafe", "hotel", "angstrom", "naive"));
  EXPECT_THAT(words("Ærø ẞ"), ElementsAre("ærø", "ß"));
}

TEST(BertText, capitals_and_accents_stay_where_they_are_told_to) {
  EXPECT_THAT(words("Café", {.lower_case = false}), ElementsAre("Café"));
  EXPECT_THAT(words("Café İ", {.lower_case = true, .strip_accents = false}),
              ElementsAre("café", "i\xCC\x87"));
  EXPECT_THAT(words("Café", {.lower_case = false, .strip_accents = true}), ElementsAre("Cafe"));
}

TEST(BertText, marks_and_ideographs_stand_alone) {
  EXPECT_THAT(words("isn't it, $5?"), ElementsAre("isn", "'", "t", "it", ",", "$", "5", "?"));
  EXPECT_THAT(words("ab東京cd「x」"), ElementsAre("ab", "東", "京", "cd", "「", "x", "」"));
  EXPECT_THAT(words("東京", {.split_cjk = false}), ElementsAre("東京"));
  EXPECT_THAT(words("[SEP]"), ElementsAre("[", "sep", "]"));
}

TEST(BertText, white_space_separates_and_control_characters_go) {
  EXPECT_THAT(words("a\tb\nc\xC2\xA0"
                    "d\xE3\x80\x80"
                    "e"),
              ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(words("a\x07"
                    "b\xE2\x80\x8B"
                    "c\xEF\xBF\xBD"),
              ElementsAre("abc"));
  EXPECT_THAT(words(" \t\n"), IsEmpty());
}

TEST(BertText, bytes_that_are_no_utf_8_are_left_out) {
  EXPECT_THAT(words("a\xFF"
                    "b \xC3"),
              ElementsAre("ab"));
  EXPECT_TRUE(rc::check([](const std::string& bytes, bool lower_case) {
    for (const std::string& word : words(bytes, {.lower_case = lower_case})) RC_ASSERT(!word.empty());
  }));
}

TEST(BertTokenizer, a_word_becomes_the_longest_pieces_from_its_beginning_on) {
  EXPECT_THAT(tokenizer().tokenize("Unaffable!"), ElementsAre(2, 7, 6, 8, 3));
  EXPECT_THAT(tokenizer().tokenize("unu u"), ElementsAre(2, 4, 11, 10, 3));
}

TEST(BertTokenizer, a_word_that_cannot_be_made_of_pieces_is_unknown) {
  EXPECT_THAT(tokenizer().tokenize("unaffx 東 東x un"), ElementsAre(2, 1, 12, 12, 1, 4, 3));
}

TEST(BertTokenizer, words_of_more_than_100_characters_are_unknown) {
  EXPECT_EQ(tokenizer().tokenize(std::string(100, 'u')).size(), 102U);
  EXPECT_THAT(tokenizer().tokenize(std::string(101, 'u')), ElementsAre(2, 1, 3));
}

TEST(BertTokenizer, a_long_text_is_cut_before_its_last_piece) {
  EXPECT_THAT(tokenizer(5).tokenize("un un un un un"), ElementsAre(2, 4, 4, 4, 3));
  EXPECT_THAT(tokenizer(4).tokenize("unaffable un"), ElementsAre(2, 7, 6, 3));
  EXPECT_THAT(tokenizer(3).tokenize("unaffable un"), ElementsAre(2, 7, 3));
  EXPECT_THAT(tokenizer(2).tokenize("un"), ElementsAre(2, 3));
  EXPECT_THAT(tokenizer().tokenize(""), ElementsAre(2, 3));
}

TEST(BertTokenizer, lines_may_end_as_on_windows) {
  const auto made = BertTokenizer::make("[UNK]\r\n[CLS]\r\n[SEP]\r\nun", {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->vocabulary_size(), 4U);
  EXPECT_THAT(made->tokenize("un"), ElementsAre(1, 3, 2));
}

TEST(BertTokenizer, a_vocabulary_without_the_special_pieces_is_refused) {
  const auto made = BertTokenizer::make("[UNK]\n[CLS]\nun\n", {});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("no [SEP]"));
}

}  // namespace
}  // namespace eddy
