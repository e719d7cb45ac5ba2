#include "model/text/bert_config.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace eddy {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// Beyond these a file is damaged, and products of sizes could overflow.
constexpr std::size_t kLargestSize = 1U << 24U;
constexpr std::size_t kMostLayers = 256;

/// The file's JSON; null where the file is not there and need not be.
Result<Json> read_json(const fs::path& path, bool is_needed) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream && !is_needed && !fs::exists(path)) return Json{};
  if (!stream)
    return user_error(
        "cannot read it; a text encoder is a directory with config.json, vocab.txt and "
        "model.safetensors",
        path.string());
  Json json = Json::parse(stream, nullptr, false);
  if (json.is_discarded() || !(json.is_object() || json.is_array()))
    return user_error("it is no JSON", path.string());
  return json;
}

/// Refuses a value other than the one that is understood; without the field it is that one.
template <class T>
Result<void> want(const Json& json, const char* field, const T& value, const fs::path& path) {
  const auto found = json.find(field);
  if (found == json.end() || found->is_null() || *found == Json(value)) return {};
  return user_error(
      std::string(field) + " is " + found->dump() + "; only " + Json(value).dump() + " is understood",
      path.string());
}

Result<void> read_shape(const Json& json, const fs::path& path, BertShape& shape) {
  const std::array<std::pair<const char*, std::size_t*>, 7> sizes{
      {{"vocab_size", &shape.vocabulary},
       {"max_position_embeddings", &shape.positions},
       {"type_vocab_size", &shape.token_types},
       {"hidden_size", &shape.hidden},
       {"intermediate_size", &shape.intermediate},
       {"num_hidden_layers", &shape.layers},
       {"num_attention_heads", &shape.heads}}};
  for (const auto& [field, size] : sizes) {
    const auto found = json.find(field);
    const bool is_size = found != json.end() && found->is_number_unsigned();
    const auto value = is_size ? found->get<std::uint64_t>() : 0;
    if (value == 0 || value > kLargestSize)
      return user_error(std::string(field) + " must be a number from 1 to " + std::to_string(kLargestSize),
                        path.string());
    *size = value;
  }
  shape.layer_norm_epsilon = json.value("layer_norm_eps", shape.layer_norm_epsilon);
  if (shape.hidden % shape.heads != 0)
    return user_error("hidden_size is no multiple of num_attention_heads", path.string());
  if (shape.layers > kMostLayers) return user_error("num_hidden_layers is too large", path.string());
  if (!(shape.layer_norm_epsilon > 0 && shape.layer_norm_epsilon < 1))
    return user_error("layer_norm_eps must lie between 0 and 1", path.string());
  return {};
}

Result<void> read_network(const fs::path& path, BertConfig& config) {
  EDDY_ASSIGN(const Json json, read_json(path, true));
  if (!json.is_object() || !json.contains("model_type"))
    return user_error("it names no model_type; \"bert\" is understood", path.string());
  EDDY_TRY(want(json, "model_type", "bert", path));
  EDDY_TRY(want(json, "hidden_act", "gelu", path));
  EDDY_TRY(want(json, "position_embedding_type", "absolute", path));
  EDDY_TRY(want(json, "is_decoder", false, path));
  EDDY_TRY(want(json, "add_cross_attention", false, path));
  return read_shape(json, path, config.shape);
}

/// A special piece's name: a text, or an object with its content.
void read_piece(const Json& json, const char* field, std::string& name) {
  const auto found = json.find(field);
  if (found == json.end()) return;
  if (found->is_string()) name = found->get<std::string>();
  if (found->is_object()) name = found->value("content", name);
}

Result<void> read_tokenizer(const fs::path& path, BertTokenizerOptions& options) {
  EDDY_ASSIGN(const Json json, read_json(path, false));
  if (!json.is_object()) return {};
  const std::string kind = json.value("tokenizer_class", "BertTokenizer");
  if (kind != "BertTokenizer" && kind != "BertTokenizerFast")
    return user_error("tokenizer_class is \"" + kind + "\"; only \"BertTokenizer\" is understood",
                      path.string());
  EDDY_TRY(want(json, "do_basic_tokenize", true, path));
  options.text.lower_case = json.value("do_lower_case", options.text.lower_case);
  options.text.split_cjk = json.value("tokenize_chinese_chars", options.text.split_cjk);
  const auto strip = json.find("strip_accents");
  if (strip != json.end() && !strip->is_null()) options.text.strip_accents = strip->get<bool>();
  // Where nobody said it, the field holds a number that no integer does.
  const double most = json.value("model_max_length", 1e30);
  if (most >= 2 && most < static_cast<double>(kLargestSize))
    options.max_tokens = std::min(options.max_tokens, static_cast<std::size_t>(most));
  read_piece(json, "unk_token", options.unknown);
  read_piece(json, "cls_token", options.begin);
  read_piece(json, "sep_token", options.end);
  return {};
}

Result<void> check_pooling(const fs::path& path) {
  EDDY_ASSIGN(const Json json, read_json(path, true));
  for (const auto& [field, value] : json.items()) {
    if (!field.starts_with("pooling_mode_") || !value.is_boolean()) continue;
    EDDY_TRY(want(json, field.c_str(), field == "pooling_mode_mean_tokens", path));
  }
  return {};
}

/// What sentence-transformers puts behind the network.
Result<void> read_modules(const fs::path& directory, bool& normalizes) {
  const fs::path path = directory / "modules.json";
  EDDY_ASSIGN(const Json json, read_json(path, false));
  if (!json.is_array()) return {};
  for (const Json& module : json) {
    const std::string type = module.value("type", "");
    const std::string kind = type.substr(type.rfind('.') + 1);
    if (kind == "Pooling") {
      EDDY_TRY(want(module, "path", "1_Pooling", path));
      EDDY_TRY(check_pooling(directory / "1_Pooling" / "config.json"));
    } else if (kind == "Normalize") {
      normalizes = true;
    } else if (kind != "Transformer") {
      return user_error(
          "the module \"" + type + "\" is not understood; Transformer, Pooling and Normalize are",
          path.string());
    }
  }
  return {};
}

Result<void> read_sentence_options(const fs::path& path, BertTokenizerOptions& options) {
  EDDY_ASSIGN(const Json json, read_json(path, false));
  if (!json.is_object()) return {};
  const auto most = json.find("max_seq_length");
  if (most != json.end() && most->is_number_unsigned())
    options.max_tokens = std::min<std::size_t>(options.max_tokens, most->get<std::uint64_t>());
  if (json.value("do_lower_case", false) && !options.text.lower_case)
    return user_error("do_lower_case is understood in tokenizer_config.json only", path.string());
  return {};
}

}  // namespace

Result<BertConfig> read_bert_config(const fs::path& directory) {
  BertConfig config;
  try {
    EDDY_TRY(read_network(directory / "config.json", config));
    config.tokenizer.max_tokens = config.shape.positions;
    EDDY_TRY(read_tokenizer(directory / "tokenizer_config.json", config.tokenizer));
    EDDY_TRY(read_modules(directory, config.normalizes));
    EDDY_TRY(read_sentence_options(directory / "sentence_bert_config.json", config.tokenizer));
  } catch (const Json::exception& error) {  // a field of another type
    return user_error(std::string("the encoder's configuration: ") + error.what(), directory.string());
  }
  if (config.tokenizer.max_tokens < 2)
    return user_error("texts of less than two tokens are allowed; [CLS] and [SEP] take two",
                      directory.string());
  return config;
}

}  // namespace eddy
