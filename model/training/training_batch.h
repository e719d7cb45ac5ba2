#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "model/training/feature_set.h"

namespace eddy {

/// How examples become batches: what the network reads, and what of it is left out.
struct BatchOptions {
  bool cut_calls = false;      ///< the last interaction, if a call, ends at a random turn of the customer
  double term_dropout = 0;     ///< probability with which an occurrence of a term is left out
  double tag_dropout = 0;      ///< likewise of a tag
  bool reads_sessions = true;  ///< sessions are steps
  bool reads_calls = true;     ///< calls are steps
  bool pools_calls = false;    ///< the calls' terms or vectors are put together for each example
  CallSource calls = CallSource::kTerms;
  bool sums_history = false;   ///< tags and terms since the last purchase are put together for each example
  bool imputes_calls = false;  ///< examples without a call have an embedding that stands for it
  std::size_t embedding = 0;   ///< with kCarried or imputes_calls: the length of the vectors
};

/// Bags of indices: bag i is ids[offsets[i] .. offsets[i + 1]), the last one to the end.
struct IndexBags {
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> offsets;
};

/// The same with a weight for each index: of a bag's n indices of one interaction, 1/√n.
struct WeightedBags {
  IndexBags bags;
  std::vector<float> weights;
};

/// Examples packed by length: the longest first; row after row the first steps of all, then the second ones
/// of those that have one, and so on. No place is spent on padding. A step is an interaction that is read in
/// order.
struct TrainingBatch {
  std::vector<std::int64_t> batch_sizes;  ///< how many examples have a first, second, … step
  IndexBags tags;                         ///< for each step; of calls their keywords, or nothing
  IndexBags terms;                        ///< for each step; empty for sessions
  std::vector<float> vectors;             ///< [steps × embedding]: of calls the mean of the carried vectors
  std::vector<float> channel;             ///< for each step: 0 session, 1 call
  std::vector<float> follows_purchase;    ///< for each step: 0 or 1
  IndexBags last_terms;                   ///< for each example: of its last interaction, if a call and a step
  WeightedBags history_tags,
      history_terms;                   ///< for each example: of the interactions since the last purchase
  std::vector<float> history_vectors;  ///< [examples × embedding]: the sum of these calls' mean vectors
  IndexBags call_terms;                ///< for each example: of all calls
  std::vector<float> call_vectors;  ///< [examples × embedding]: the mean of all calls' carried vectors, or
                                    ///< what is imputed
  std::vector<float> has_calls;     ///< for each example: 1 or 0
  std::vector<float> labels;        ///< [examples × items]
  std::vector<float> weights;       ///< [examples × items]: the example's weight, 0 if not eligible
  std::vector<std::uint32_t> examples;  ///< which they are, in this order

  [[nodiscard]] std::size_t size() const { return examples.size(); }
};

/// Fills `batch` with the examples that `indices` name. `generator` decides cuts and dropped terms.
void fill_batch(const EncodedExamples& examples, std::span<const std::uint32_t> indices,
                const BatchOptions& options, const KindWeights& weights, std::mt19937_64& generator,
                TrainingBatch& batch);

}  // namespace eddy
