#include "model/text/bert_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "fakes/small_text_encoder.h"
#include "fakes/temporary_directory.h"

namespace eddy {
namespace {

using testing::HasSubstr;

class BertConfigTest : public testing::Test {
 protected:
  void SetUp() override { write("config.json", SmallTextEncoder().config.dump()); }

  void write(const std::string& file, const std::string& content) const {
    const auto path = directory_.path() / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << content;
  }
  void set(const std::string& field, const nlohmann::json& value) const {
    auto config = SmallTextEncoder().config;
    config[field] = value;
    write("config.json", config.dump());
  }
  [[nodiscard]] BertConfig read() const {
    auto config = read_bert_config(directory_.path());
    EXPECT_TRUE(config) << to_string(config.error());
    return config.value_or(BertConfig{});
  }
  [[nodiscard]] std::string refusal() const {
    const auto config = read_bert_config(directory_.path());
    return config ? "read" : to_string(config.error());
  }

  const TemporaryDirectory directory_;
};

TEST_F(BertConfigTest, sizes_come_from_the_file_and_the_rest_has_defaults) {
  const BertConfig config = read();
  EXPECT_EQ(config.shape.hidden, TextEncoderSizes{}.hidden);
  EXPECT_EQ(config.shape.intermediate, TextEncoderSizes{}.intermediate);
  EXPECT_EQ(config.shape.layers, 2U);
  EXPECT_EQ(config.tokenizer.max_tokens, TextEncoderSizes{}.positions);
  EXPECT_TRUE(config.tokenizer.text.lower_case);
  EXPECT_FALSE(config.normalizes);
}

TEST_F(BertConfigTest, the_tokenizers_file_is_obeyed) {
  write("tokenizer_config.json",
        R"({"do_lower_case": false, "strip_accents": true, "tokenize_chinese_chars": false,
            "model_max_length": 20, "cls_token": {"content": "<s>"}, "sep_token": "</s>"})");
  const BertTokenizerOptions options = read().tokenizer;
  EXPECT_FALSE(options.text.lower_case);
  EXPECT_EQ(options.text.strip_accents, true);
  EXPECT_FALSE(options.text.split_cjk);
  EXPECT_EQ(options.max_tokens, 20U);
  EXPECT_EQ(options.begin, "<s>");
  EXPECT_EQ(options.end, "</s>");
}

TEST_F(BertConfigTest, a_length_that_nobody_meant_is_that_of_the_positions) {
  write("tokenizer_config.json",
        R"({"strip_accents": null, "model_max_length": 1000000000000000019884624838656})");
  EXPECT_EQ(read().tokenizer.max_tokens, TextEncoderSizes{}.positions);
  write("sentence_bert_config.json", R"({"max_seq_length": 16, "do_lower_case": false})");
  EXPECT_EQ(read().tokenizer.max_tokens, 16U);
}

TEST_F(BertConfigTest, modules_say_whether_vectors_are_normalised) {
  write("modules.json", R"([{"type": "sentence_transformers.models.Transformer", "path": ""},
    {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"},
    {"type": "sentence_transformers.models.Normalize", "path": "2_Normalize"}])");
  write("1_Pooling/config.json", R"({"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true})");
  EXPECT_TRUE(read().normalizes);
  write("1_Pooling/config.json", R"({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false})");
  EXPECT_THAT(refusal(), HasSubstr("1_Pooling/config.json: pooling_mode_cls_token is true; only false"));
  write("modules.json", R"([{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}])");
  EXPECT_THAT(refusal(), HasSubstr("Dense\" is not understood"));
}

TEST_F(BertConfigTest, what_is_not_understood_is_refused_with_its_file) {
  set("model_type", "roberta");
  EXPECT_EQ(refusal(), (directory_.path() / "config.json").string() +
                           ": model_type is \"roberta\"; only \"bert\" is understood");
  set("hidden_act", "gelu_new");
  EXPECT_THAT(refusal(), HasSubstr("hidden_act is \"gelu_new\""));
  set("position_embedding_type", "relative_key");
  EXPECT_THAT(refusal(), HasSubstr("position_embedding_type"));
  set("is_decoder", true);
  EXPECT_THAT(refusal(), HasSubstr("is_decoder is true"));
  set("num_attention_heads", 3);
  EXPECT_THAT(refusal(), HasSubstr("no multiple"));
  set("hidden_size", -8);
  EXPECT_THAT(refusal(), HasSubstr("hidden_size must be a number from 1"));
  set("layer_norm_eps", 0);
  EXPECT_THAT(refusal(), HasSubstr("layer_norm_eps"));
  write("config.json", "{");
  EXPECT_THAT(refusal(), HasSubstr("config.json: it is no JSON"));
  write("config.json", SmallTextEncoder().config.dump());
  write("tokenizer_config.json", R"({"tokenizer_class": "XLMRobertaTokenizer"})");
  EXPECT_THAT(refusal(), HasSubstr("tokenizer_class"));
  write("tokenizer_config.json", R"({"do_lower_case": "yes"})");
  EXPECT_THAT(refusal(), HasSubstr("the encoder's configuration"));
  std::filesystem::remove(directory_.path() / "config.json");
  EXPECT_THAT(refusal(), HasSubstr("cannot read it"));
}

}  // namespace
}  // namespace eddy
