#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "model/training/feature_set.h"

namespace eddy {

/// How examples become batches.
struct BatchOptions {
  bool cut_calls = false;   ///< the last interaction, if a call, ends at a random turn of the customer
  double term_dropout = 0;  ///< probability with which an occurrence of a term is left out
};

/// Bags of indices: bag i is ids[offsets[i] .. offsets[i + 1]), the last one to the end.
struct IndexBags {
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> offsets;
};

/// Examples packed by length: the longest first; row after row the first interactions of all, then the second
/// ones of those that have one, and so on. No place is spent on padding.
struct TrainingBatch {
  std::vector<std::int64_t> batch_sizes;  ///< how many examples have a first, second, … interaction
  IndexBags tags;                         ///< for each interaction; empty for calls
  IndexBags terms;                        ///< for each interaction; empty for sessions
  std::vector<float> channel;             ///< for each interaction: 0 session, 1 call
  IndexBags last_terms;                   ///< for each example: of its last interaction, if a call
  std::vector<float> labels;              ///< [examples × items]
  std::vector<float> weights;             ///< [examples × items]: the example's weight, 0 if not eligible

  [[nodiscard]] std::size_t size() const { return last_terms.offsets.size(); }
};

/// Fills `batch` with the examples that `indices` name. `generator` decides cuts and dropped terms.
void fill_batch(const EncodedExamples& examples, std::span<const std::uint32_t> indices,
                const BatchOptions& options, const KindWeights& weights, std::mt19937_64& generator,
                TrainingBatch& batch);

}  // namespace eddy
