// The text encoder against transformers, on a checkpoint that others trained. encoder_reference.sh fetches
// the checkpoint and has encoder_reference.py write what transformers makes of its texts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/text/bert_tokenizer.h"
#include "model/text/text_encoder.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

using Ids = std::vector<std::uint32_t>;

fs::path prepared() {
  return EDDY_ENCODER_REFERENCE;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string utf8(unsigned long code) {
  const auto byte = [](unsigned long bits) { return static_cast<char>(bits); };
  const auto rest = [&](unsigned shift) { return byte(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0U | (code >> 6U)), rest(0)};
  if (code < 0x10000) return {byte(0xE0U | (code >> 12U)), rest(6), rest(0)};
  return {byte(0xF0U | (code >> 18U)), rest(12), rest(6), rest(0)};
}

class EncoderReference : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(prepared() / "reference.json")) {
      const std::string why = content_of(prepared() / "missing.txt");
      GTEST_SKIP() << "NOT COMPARED with transformers: "
                   << (why.empty() ? "tests/reference/encoder_reference.sh has not run" : why);
    }
    const auto json = nlohmann::json::parse(content_of(prepared() / "reference.json"));
    json.at("texts").get_to(texts_);
    json.at("ids").get_to(ids_);
    json.at("cased_ids").get_to(cased_ids_);
    json.at("vectors").get_to(vectors_);
    json.at("code_points").get_to(code_points_);
    ASSERT_GE(texts_.size(), 90U);
    ASSERT_EQ(texts_.size(), vectors_.size());
    auto loaded = TextEncoder::load(prepared() / "encoder");
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    encoder_ = *loaded;
  }

  std::vector<std::string> texts_;
  std::vector<Ids> ids_, cased_ids_;
  std::vector<std::vector<float>> vectors_;
  std::map<std::string, Ids> code_points_;  // a code point in decimal → the pieces of it between "a" and "b"
  std::shared_ptr<const TextEncoder> encoder_;
};

TEST_F(EncoderReference, pieces_are_the_same) {
  for (std::size_t i = 0; i < texts_.size(); ++i)
    EXPECT_EQ(encoder_->tokenizer().tokenize(texts_[i]), ids_[i]) << "text " << i << ": " << texts_[i];
}

TEST_F(EncoderReference, pieces_are_the_same_with_capitals_and_accents) {
  BertTokenizerOptions options;
  options.text.lower_case = false;
  options.max_tokens = 256;
  const auto tokenizer = BertTokenizer::make(content_of(prepared() / "encoder" / "vocab.txt"), options);
  ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
  for (std::size_t i = 0; i < texts_.size(); ++i)
    EXPECT_EQ(tokenizer->tokenize(texts_[i]), cased_ids_[i]) << "text " << i << ": " << texts_[i];
}

TEST_F(EncoderReference, every_character_between_letters_gives_the_same_pieces) {
  ASSERT_GT(code_points_.size(), 50'000U);
  for (const auto& [code, ids] : code_points_) {
    const std::string text = "a" + utf8(std::stoul(code)) + "b";
    EXPECT_EQ(encoder_->tokenizer().tokenize(text), ids) << "code point " << code << ": " << text;
  }
}

TEST_F(EncoderReference, vectors_are_the_same_within_1e_4) {
  const std::vector<std::string_view> texts(texts_.begin(), texts_.end());
  std::vector<float> vectors;
  ASSERT_TRUE(encoder_->encode(texts, vectors));
  ASSERT_EQ(vectors.size(), texts_.size() * encoder_->width());
  float largest = 0;
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    ASSERT_EQ(vectors_[i].size(), encoder_->width());
    for (std::size_t j = 0; j < encoder_->width(); ++j) {
      const float difference = std::abs(vectors[i * encoder_->width() + j] - vectors_[i][j]);
      EXPECT_LE(difference, 1e-4F) << "text " << i << ": " << texts_[i];
      largest = std::max(largest, difference);
    }
  }
  RecordProperty("largest_difference", std::to_string(largest));
  std::printf("largest difference %.3g over %zu texts\n", static_cast<double>(largest), texts_.size());
}

TEST_F(EncoderReference, a_vector_has_the_same_bits_in_any_company) {
  const std::vector<std::string_view> texts(texts_.begin(), texts_.end());
  std::vector<float> together, alone;
  ASSERT_TRUE(encoder_->encode(texts, together));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_TRUE(encoder_->encode({&texts[i], 1}, alone));
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(),
                           together.begin() + static_cast<std::ptrdiff_t>(i * encoder_->width())))
        << "text " << i << ": " << texts_[i];
  }
}

}  // namespace
}  // namespace eddy
