#include "state/profile/words.h"

#include <gtest/gtest.h>

namespace eddy {
namespace {

std::vector<std::uint32_t> words(std::string_view text, std::size_t limit = 100) {
  std::vector<std::uint32_t> hashes;
  hash_words(text, limit, hashes);
  return hashes;
}

TEST(Words, case_and_punctuation_do_not_count) {
  EXPECT_EQ(words("I'd like, please: CAR insurance!"), words("i'd like please car insurance"));
  EXPECT_EQ(words("I'd like").size(), 2U);
  EXPECT_EQ(words("ÆBLE Øl"), words("æble øl"));
  EXPECT_TRUE(words(" ... ").empty());
}

TEST(Words, limit_keeps_the_first) {
  EXPECT_EQ(words("a b c", 2), words("a b"));
}

// The hash is part of the stored schema: these numbers never change.
TEST(Words, hashes_are_fixed) {
  const auto hashes = words("car insurance");
  ASSERT_EQ(hashes.size(), 2U);
  EXPECT_EQ(hashes[0], 109321U);
  EXPECT_EQ(hashes[1], 402556U);
  EXPECT_EQ(ngram_hash(hashes.data(), 2), 11917451254842089096U);
}

TEST(Words, order_matters_to_an_ngram) {
  const auto hashes = words("dog bites man");
  const std::uint32_t swapped[] = {hashes[1], hashes[0]};
  EXPECT_NE(ngram_hash(hashes.data(), 2), ngram_hash(swapped, 2));
  EXPECT_NE(ngram_hash(hashes.data(), 1), ngram_hash(hashes.data(), 2));
}

}  // namespace
}  // namespace eddy
