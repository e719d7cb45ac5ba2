#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/text/bert_config.h"
#include "model/text/safetensors.h"

namespace eddy {

/// The encoder of BERT: numbers of pieces in, the mean of the last layer's states out. Immutable.
///
///     x     = norm(word + position + type)
///     layer:  x = norm(x + W_o · softmax(q · kᵀ / √d) · v);  x = norm(x + W_2 · gelu(W_1 · x))
///
/// The texts of a batch lie one behind the other, without padding: products run over all their tokens, and
/// attention over those of one text. A text's vector has the same bits whatever stands beside it in a batch,
/// since it is summed up into facts that a replay has to reproduce. Hence the products of matrix_product.h,
/// whose rows know nothing of each other, instead of a BLAS's.
class BertNetwork {
 public:
  /// Errors (user's): a tensor is missing or has another shape than config.json says.
  static Result<BertNetwork> load(const BertShape& shape, const SafetensorsFile& file);
  BertNetwork(BertNetwork&&) noexcept;
  BertNetwork& operator=(BertNetwork&&) noexcept;
  BertNetwork(const BertNetwork&) = delete;
  BertNetwork& operator=(const BertNetwork&) = delete;
  ~BertNetwork();

  /// The mean state of each text, [texts × hidden]. `texts`: each of 1 to `positions` numbers below
  /// `vocabulary`; those of one length had better be neighbours. Thread-safe. Throws c10::Error.
  void encode(std::span<const std::vector<std::uint32_t>* const> texts, float* means) const;

 private:
  struct Weights;
  explicit BertNetwork(std::unique_ptr<const Weights> weights);

  std::unique_ptr<const Weights> weights_;
};

}  // namespace eddy
