#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/tensor_file.h"

namespace eddy {

/// Sizes and options of a Latent feature network.
struct LatentFeatureShape {
  std::size_t tags = 0;          ///< V: size of the vocabulary
  std::size_t terms = 0;         ///< K: text buckets that have a row; all others are dropped
  std::size_t items = 0;         ///< I: size of the catalogue
  std::size_t embedding = 64;    ///< D: a term's embedding
  std::size_t projection = 128;  ///< P: both channels are projected to it
  std::size_t hidden = 256;      ///< H: of the GRU and of the head

  std::uint32_t buckets = 1U << 18U;    ///< B: an n-gram's bucket is ngram_hash % B; K of them are kept
  std::uint32_t max_ngram = 2;          ///< 1..max_ngram words make a term
  bool customer_only = false;           ///< the agent's utterances are left out
  std::uint32_t max_interactions = 10;  ///< the latest that are read

  friend bool operator==(const LatentFeatureShape&, const LatentFeatureShape&) = default;
};

/// What the Latent feature network has learned. Matrices are row-major, [in × out], without gaps:
///
///     session:  x = tanh(tag_projection' · multihot + tag_bias) + tanh(text_bias)
///     call:     x = tanh(tag_bias) + tanh(text_projection' · mean over terms of text_embedding + text_bias)
///     GRU:      input (x, channel) with channel 0 for a session and 1 for a call; gates in the order r, z,
///     n:
///               n = tanh(W_in x + b_in + r * (W_hn h + b_hn)),  h' = (1 - z) * n + z * h
///     scores:   sigmoid(output' · relu(head' · h + head_bias) + output_bias + linear)
///     linear:   mean over the terms of the LAST interaction, if that is a call, of text_to_items; else 0
///
/// The mean is over all occurrences of kept terms; without any it is zero.
struct LatentFeatureWeights {
  LatentFeatureShape shape;

  std::vector<std::uint32_t> term_buckets;  ///< [K], ascending: the bucket of each row of the text tables
  std::vector<float> tag_projection;        ///< [V × P]
  std::vector<float> tag_bias;              ///< [P]
  std::vector<float> text_embedding;        ///< [K × D]
  std::vector<float> text_projection;       ///< [D × P]
  std::vector<float> text_bias;             ///< [P]
  std::vector<float> gru_input;             ///< [(P+1) × 3H]; the last row is the channel's
  std::vector<float> gru_hidden;            ///< [H × 3H]
  std::vector<float> gru_input_bias;        ///< [3H]
  std::vector<float> gru_hidden_bias;       ///< [3H]
  std::vector<float> head;                  ///< [H × H]
  std::vector<float> head_bias;             ///< [H]
  std::vector<float> output;                ///< [H × I]
  std::vector<float> output_bias;           ///< [I]
  std::vector<float> text_to_items;         ///< [K × I], or empty: no linear path
};

/// Checks that every vector has the size that the shape says. Error (internal): the first that has not.
Result<void> check_sizes(const LatentFeatureWeights& weights);

/// The weights as named tensors, for a bundle; the shape's options travel in the bundle's manifest.
[[nodiscard]] NamedTensors to_tensors(const LatentFeatureWeights& weights);

/// Inverse of to_tensors. Errors (user's): a tensor is missing or its size does not fit `shape`.
Result<LatentFeatureWeights> latent_feature_weights(const LatentFeatureShape& shape, NamedTensors tensors);

/// The shape as a JSON object, for the manifest, and back. Errors (user's): missing fields or impossible
/// values.
[[nodiscard]] std::string to_json(const LatentFeatureShape& shape);
Result<LatentFeatureShape> parse_latent_feature_shape(const std::string& json);

}  // namespace eddy
