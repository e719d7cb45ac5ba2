#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/network_shape.h"
#include "model/tensor_file.h"

namespace eddy {

/// A dense layer: y = values' · x + bias.
struct DenseWeights {
  std::vector<float> values;  ///< [in × out]
  std::vector<float> bias;    ///< [out]
};

/// What makes sessions of a call's embedding e, step by step:
///
///     x = dense' · e + dense_bias;  h = GRU(x, h);  tag v is in the step if output' · h + output_bias > 0
struct SessionGeneratorWeights {
  DenseWeights dense;                                  ///< [D × G]
  std::vector<float> gru_input;                        ///< [G × 3G]
  std::vector<float> gru_hidden;                       ///< [G × 3G]
  std::vector<float> gru_input_bias, gru_hidden_bias;  ///< [3G]
  DenseWeights output;                                 ///< [G × V]
};

/// What a network has learned. Matrices are row-major, [in × out], without gaps; what the shape has no use
/// for is empty.
///
///     embedding:     of a call: the mean over its terms of text_embedding, or of its carried vectors
///     multi-hot:     x = 1 at a session's tags, or at a call's keywords
///     projected:     session: x = tanh(tag_projection' · multihot + tag_bias) + tanh(text_bias)
///                    call:    x = tanh(tag_bias) + tanh(text_projection' · embedding + text_bias)
///                    where only one channel is read, without the other one's constant
///     similarities:  session: x_a = cosine(tanh(tag_projection' · multihot + tag_bias), session anchor a)
///                    call:    x_a = cosine(tanh(text_projection' · embedding + text_bias), call anchor a)
///     GRU:           input (x, channel, follows_purchase) with channel 0 for a session and 1 for a call;
///                    gates in the order r, z, n:
///                    n = tanh(W_in x + b_in + r * (W_hn h + b_hn)),  h' = (1 - z) * n + z * h
///     calls:         c = call_projection' · (mean over all calls' terms or vectors) + call_bias
///     scores:        sigmoid(output' · relu(… head' · (c, h) + bias …) + output_bias + linear)
///     linear:        kLastCall: mean over the terms of the LAST interaction, if that is a call, of
///                    text_to_items; else 0
///                    kSincePurchase: sum over the interactions since the last purchase of (sum over its n
///                    terms of text_to_items, or over its n tags of tag_to_items) / √n, and of
///                    vector_to_items' · embedding for calls with carried vectors
///
/// Means are over all occurrences of kept terms, or over all utterances with a vector; without any they are
/// 0.
struct NetworkWeights {
  NetworkShape shape;

  std::vector<std::uint32_t> term_buckets;  ///< [K], ascending: the bucket of each row of the text tables
  std::vector<float> tag_projection;        ///< [V × P]
  std::vector<float> tag_bias;              ///< [P]
  std::vector<float> text_embedding;        ///< [K × D]
  std::vector<float> text_projection;       ///< [D × P]
  std::vector<float> text_bias;             ///< [P]
  std::vector<float> session_anchors;       ///< [P × A], columns of length 1
  std::vector<float> call_anchors;          ///< [P × A], columns of length 1
  std::vector<float> gru_input;             ///< [inputs × 3H]: rows for x and those flags that there are
  std::vector<float> gru_hidden;            ///< [H × 3H]
  std::vector<float> gru_input_bias;        ///< [3H]
  std::vector<float> gru_hidden_bias;       ///< [3H]
  std::vector<float> call_projection;       ///< [D × C]
  std::vector<float> call_bias;             ///< [C]
  std::vector<DenseWeights> head;           ///< one for each of the shape's widths
  std::vector<float> output;                ///< [last width × I]
  std::vector<float> output_bias;           ///< [I]
  std::vector<float> text_to_items;         ///< [K × I], or empty: no linear path
  std::vector<float> tag_to_items;          ///< [V × I]: with LinearPath::kSincePurchase
  std::vector<float> vector_to_items;       ///< [D × I]: with LinearPath::kSincePurchase and carried vectors
  std::vector<float> neutral_call;          ///< [D]: for users without a call, with Imputation::kNeutral
  std::vector<float> neutral_session;       ///< [V], 0 or 1: for users without a session
  std::shared_ptr<const NetworkWeights> call_generator;  ///< likewise with Imputation::kGenerated, else null
  SessionGeneratorWeights session_generator;             ///< likewise
};

/// A tensor of the weights: its name in bundles, and its extents.
struct TensorExtents {
  std::string name;
  std::vector<std::size_t> extents;
  bool optional = false;
};

/// All float tensors of a shape.
[[nodiscard]] std::vector<TensorExtents> tensor_extents(const NetworkShape& shape);

/// Checks that every vector has the size that the shape says. Error (internal): the first that has not.
Result<void> check_sizes(const NetworkWeights& weights);

/// The weights as named tensors, for a bundle; the shape's options travel in the bundle's manifest.
[[nodiscard]] NamedTensors to_tensors(const NetworkWeights& weights);

/// Inverse of to_tensors. Errors (user's): a tensor is missing or its size does not fit `shape`.
Result<NetworkWeights> network_weights(const NetworkShape& shape, NamedTensors tensors);

}  // namespace eddy
