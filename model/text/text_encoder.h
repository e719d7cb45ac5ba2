#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/text/bert_network.h"
#include "model/text/bert_tokenizer.h"

namespace eddy {

/// Texts to vectors, by a BERT network of a directory that others trained:
///
///     config.json  vocab.txt  model.safetensors                       needed
///     tokenizer_config.json  modules.json  1_Pooling/config.json
///     sentence_bert_config.json                                       obeyed where they are there
///
/// A vector is the mean over the text's tokens, of length 1 if modules.json asks for it. Immutable.
class TextEncoder {
 public:
  /// Reads and checks all of it. Errors (user's), each with its file: see bert_config.h, bert_tokenizer.h,
  /// safetensors.h.
  static Result<std::shared_ptr<const TextEncoder>> load(const std::filesystem::path& directory);

  /// "bert@" and the beginning of the checksum over the files above: what facts and models call it.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// The length of its vectors.
  [[nodiscard]] std::size_t width() const { return config_.shape.hidden; }
  [[nodiscard]] const BertTokenizer& tokenizer() const { return tokenizer_; }

  /// Replaces `vectors` by those of the texts, [texts × width], in their order; computed together, equal
  /// texts once. The same text has the same bits in any company. Thread-safe. Error (internal): LibTorch's.
  Result<void> encode(std::span<const std::string_view> texts, std::vector<float>& vectors) const;

 private:
  TextEncoder(std::string name, BertConfig config, BertTokenizer tokenizer, BertNetwork network);
  void finish(float* vector) const;

  const std::string name_;
  const BertConfig config_;
  const BertTokenizer tokenizer_;
  const BertNetwork network_;
};

}  // namespace eddy
