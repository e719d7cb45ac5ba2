#pragma once

#include <cstddef>
#include <filesystem>

#include "base/result.h"
#include "model/text/bert_tokenizer.h"

namespace eddy {

/// The sizes of a BERT network.
struct BertShape {
  std::size_t vocabulary = 0, positions = 0, token_types = 0;
  std::size_t hidden = 0, intermediate = 0, layers = 0, heads = 0;
  double layer_norm_epsilon = 1e-12;
};

/// What an encoder's directory says of itself.
struct BertConfig {
  BertShape shape;
  BertTokenizerOptions tokenizer;  ///< max_tokens is at most shape.positions
  bool normalizes = false;         ///< vectors have length 1
};

/// Reads config.json and, where they are there, tokenizer_config.json, modules.json, the pooling's
/// config.json and sentence_bert_config.json. Errors (user's), each with its file: it cannot be read, a size
/// is missing or out of bounds, or it asks for something else than BERT (absolute positions, exact GELU) and
/// the mean over the tokens.
Result<BertConfig> read_bert_config(const std::filesystem::path& directory);

}  // namespace eddy
