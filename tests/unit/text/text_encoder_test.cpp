#include "model/text/text_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/small_text_encoder.h"
#include "fakes/temporary_directory.h"
#include "model/text/utterance_vectors.h"

namespace eddy {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

std::vector<float> encode(const TextEncoder& encoder, const std::vector<std::string>& texts) {
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<float> vectors;
  const auto encoded = encoder.encode(views, vectors);
  EXPECT_TRUE(encoded) << to_string(encoded.error());
  return vectors;
}

std::string refusal(const SmallTextEncoder& files) {
  const TemporaryDirectory directory;
  files.write(directory.path());
  const auto loaded = TextEncoder::load(directory.path());
  return loaded ? "loaded" : to_string(loaded.error());
}

TEST(TextEncoder, texts_have_vectors_of_their_own) {
  const auto encoder = small_text_encoder();
  ASSERT_NE(encoder, nullptr);
  EXPECT_EQ(encoder->width(), TextEncoderSizes{}.hidden);
  EXPECT_THAT(encoder->name(), StartsWith("bert@"));
  const auto vectors = encode(*encoder, {"one word", "another word", "one word", ""});
  ASSERT_THAT(vectors, SizeIs(4 * encoder->width()));
  const auto row = [&](std::size_t i) {
    return std::vector<float>(vectors.begin() + static_cast<std::ptrdiff_t>(i * encoder->width()),
                              vectors.begin() + static_cast<std::ptrdiff_t>((i + 1) * encoder->width()));
  };
  EXPECT_NE(row(0), row(1));
  EXPECT_NE(row(0), row(3));
  EXPECT_EQ(row(0), row(2));
  EXPECT_TRUE(encode(*encoder, {}).empty());
}

TEST(TextEncoder, a_vector_has_the_same_bits_in_any_company) {
  const auto encoder = small_text_encoder();
  ASSERT_NE(encoder, nullptr);
  EXPECT_TRUE(rc::check([&] {
    const auto texts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::element('a', 'b', 'w', ' ', '.', '7')));
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    std::vector<float> together, alone;
    RC_ASSERT(encoder->encode(views, together).has_value());
    for (std::size_t i = 0; i < views.size(); ++i) {
      RC_ASSERT(encoder->encode({&views[i], 1}, alone).has_value());
      RC_ASSERT(std::equal(alone.begin(), alone.end(),
                           together.begin() + static_cast<std::ptrdiff_t>(i * encoder->width())));
    }
  }));
}

TEST(TextEncoder, vectors_have_length_1_where_the_directory_asks_for_it) {
  const TemporaryDirectory directory;
  SmallTextEncoder().write(directory.path());
  std::ofstream(directory.path() / "modules.json")
      << R"([{"type": "x.Transformer"}, {"type": "x.Normalize"}])";
  const auto encoder = TextEncoder::load(directory.path());
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  double squares = 0;
  for (const float value : encode(**encoder, {"word"}))
    squares += static_cast<double>(value) * static_cast<double>(value);
  EXPECT_NEAR(squares, 1, 1e-6);
  EXPECT_NE((*encoder)->name(), small_text_encoder()->name());
}

TEST(TextEncoder, the_name_is_that_of_the_contents) {
  const TemporaryDirectory one, other;
  SmallTextEncoder(1).write(one.path() / "here");
  SmallTextEncoder(1).write(one.path() / "there");
  SmallTextEncoder(2).write(other.path());
  const auto name = [](const std::filesystem::path& path) { return (*TextEncoder::load(path))->name(); };
  EXPECT_EQ(name(one.path() / "here"), name(one.path() / "there"));
  EXPECT_NE(name(one.path() / "here"), name(other.path()));
}

TEST(TextEncoder, tensors_may_be_named_as_those_of_a_larger_network) {
  SmallTextEncoder files;
  NamedTensors renamed;
  for (auto& [name, tensor] : files.tensors) renamed["bert." + name] = tensor;
  files.tensors = renamed;
  EXPECT_EQ(refusal(files), "loaded");
}

TEST(TextEncoder, a_directory_that_does_not_fit_together_is_refused) {
  SmallTextEncoder missing;
  missing.tensors.erase("encoder.layer.1.output.dense.bias");
  EXPECT_THAT(refusal(missing),
              HasSubstr("model.safetensors: there is no tensor encoder.layer.1.output.dense.bias"));
  SmallTextEncoder narrow;
  narrow.config["intermediate_size"] = 12;
  EXPECT_THAT(refusal(narrow),
              HasSubstr("encoder.layer.0.intermediate.dense.weight has the shape [20, 8], not [12, 8]"));
  SmallTextEncoder long_list;
  long_list.pieces.emplace_back("extra");
  EXPECT_THAT(refusal(long_list), HasSubstr("vocab.txt: it has"));
  SmallTextEncoder nameless;
  nameless.pieces[3] = "[END]";
  EXPECT_THAT(refusal(nameless), HasSubstr("vocab.txt: the vocabulary has no [SEP]"));
  const auto nowhere = TextEncoder::load("/no/such/encoder");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().fault, Fault::kUser);
  EXPECT_THAT(nowhere.error().message, HasSubstr("there is no config.json"));
}

TEST(UtteranceVectors, are_those_of_final_texts) {
  const auto encoder = small_text_encoder();
  ASSERT_NE(encoder, nullptr);
  std::vector<Utterance> said(5);
  for (Utterance& one : said) one.text = "word";
  said[1].is_final = false;
  said[2].text.clear();
  said[3].embedding = {1, 2};
  said[3].encoder = "another";
  said[4].embedding = {3};
  said[4].encoder = encoder->name();
  std::vector<Utterance*> pointers;
  for (Utterance& one : said) pointers.push_back(&one);
  const auto encoded = add_vectors(pointers, *encoder);
  ASSERT_TRUE(encoded);
  EXPECT_EQ(*encoded, 2U);
  EXPECT_EQ(said[0].embedding, encode(*encoder, {"word"}));
  EXPECT_EQ(said[0].encoder, encoder->name());
  EXPECT_TRUE(said[1].embedding.empty());
  EXPECT_TRUE(said[2].embedding.empty());
  EXPECT_EQ(said[3].embedding, said[0].embedding);
  EXPECT_EQ(said[4].embedding, std::vector<float>{3});
}

}  // namespace
}  // namespace eddy
