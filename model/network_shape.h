#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace eddy {

/// How an interaction becomes the input of the GRU.
enum class Encoding : std::uint8_t {
  kNone,          ///< there is no GRU
  kMultiHot,      ///< a session's tags and a call's keywords as 0 and 1, in one space
  kProjected,     ///< tanh of a projection of the tags, plus tanh of a projection of the text
  kSimilarities,  ///< tanh of a projection, and of that the cosines to anchors
};

/// What a call's embedding is the mean of.
enum class TextSource : std::uint8_t {
  kHashed,   ///< rows of a trained table, one for each hashed n-gram
  kCarried,  ///< the vectors that the utterances carry
};

/// What reaches the scores past all layers: weights of single tags, terms and vectors' values, summed.
enum class LinearPath : std::uint8_t {
  kLastCall,       ///< the mean over the terms of the last interaction, if that is a call; may be left out
  kSincePurchase,  ///< tags and terms of all interactions since the user's last purchase, where n of one
                   ///< interaction weigh 1/√n each; with kCarried also the calls' mean vectors
};

/// What stands in for a channel of which the user has nothing.
enum class Imputation : std::uint8_t {
  kNone,       ///< zeros
  kNeutral,    ///< the mean embedding; the most frequent session
  kGenerated,  ///< what a generator makes of the other channel
};

/// Sizes and options of a network: what of a user it reads, and of which layers it is made. All models but
/// Popular are one network or a few of them (DESIGN §7).
///
///     interactions ─ encoding ─▶ GRU (hidden) ──┐
///                                               ├─▶ dense relu layers (head) ─▶ dense ─▶ + ─▶ sigmoid
///     calls ─ mean ─▶ dense (call_width) ───────┘                                        ▲
///     tags, terms ─ linear path ─────────────────────────────────────────────────────────┘
///
/// Either arm, and the linear path, may be missing. The defaults are those of Latent feature.
struct NetworkShape {
  std::size_t tags = 0;                ///< V: size of the vocabulary
  std::size_t terms = 0;               ///< K: text buckets that have a row; all others are dropped
  std::size_t items = 0;               ///< I: size of the catalogue
  std::size_t embedding = 64;          ///< D: of a term or of a carried vector
  std::size_t projection = 128;        ///< P: both channels are projected to it
  std::size_t anchors = 0;             ///< A: of kSimilarities
  std::size_t hidden = 256;            ///< H: of the GRU; 0: there is none
  std::size_t call_width = 0;          ///< C: of the dense layer over the calls' mean; 0: there is none
  std::vector<std::size_t> head{256};  ///< widths of the relu layers

  Encoding encoding = Encoding::kProjected;
  bool reads_sessions = true;  ///< the GRU does
  bool reads_calls = true;     ///< the GRU does
  bool channel_flag = true;    ///< one more input of the GRU: 0 for a session, 1 for a call
  /// One more input of the GRU: 1 where a purchase lies between the interaction and the one before it.
  bool purchase_flag = false;
  LinearPath linear = LinearPath::kLastCall;
  Imputation imputation = Imputation::kNone;
  std::size_t call_generator = 64;      ///< width of what makes an embedding of sessions, with kGenerated
  std::size_t session_generator = 256;  ///< width of what makes sessions of an embedding
  std::uint32_t generated_steps = 10;   ///< sessions that it makes at most

  TextSource text = TextSource::kHashed;
  std::string encoder;                  ///< with kCarried: the name of the encoder whose vectors count
  std::uint32_t buckets = 1U << 18U;    ///< B: an n-gram's bucket is ngram_hash % B; K of them are kept
  std::uint32_t max_ngram = 2;          ///< 1..max_ngram words make a term
  bool customer_only = false;           ///< the agent's utterances are left out
  std::uint32_t max_interactions = 10;  ///< the latest of the user, of which some are read

  /// Whether interactions are projected by a dense layer before the GRU reads them.
  [[nodiscard]] bool projects() const {
    return encoding == Encoding::kProjected || encoding == Encoding::kSimilarities;
  }
  [[nodiscard]] bool projects_text() const { return projects() && reads_calls; }
  [[nodiscard]] bool projects_tags() const { return projects() && reads_sessions; }
  /// Whether calls count as text, by their embedding.
  [[nodiscard]] bool reads_text() const { return projects_text() || call_width > 0; }
  [[nodiscard]] bool has_table() const { return reads_text() && text == TextSource::kHashed; }
  /// Whether terms count, for the table or for the linear path.
  [[nodiscard]] bool reads_terms() const { return has_table() || sums_history(); }
  /// Of an encoded interaction, without the flag.
  [[nodiscard]] std::size_t encoded_width() const;
  /// Rows of the GRU's input matrix.
  [[nodiscard]] std::size_t gru_inputs() const {
    return encoded_width() + (channel_flag ? 1 : 0) + (purchase_flag ? 1 : 0);
  }
  /// Whether it matters where among the interactions the purchases are.
  [[nodiscard]] bool reads_purchases() const { return purchase_flag || linear == LinearPath::kSincePurchase; }
  [[nodiscard]] bool sums_history() const { return linear == LinearPath::kSincePurchase; }
  /// Whether the linear path reads vectors.
  [[nodiscard]] bool sums_vectors() const { return sums_history() && text == TextSource::kCarried; }
  /// Of what the first layer of the head reads: call_width and hidden. Without a GRU an encoded interaction
  /// takes its place; such networks are trained only, for what they learn on the way.
  [[nodiscard]] std::size_t features() const { return call_width + (hidden > 0 ? hidden : encoded_width()); }

  friend bool operator==(const NetworkShape&, const NetworkShape&) = default;
};

/// Of the network that makes a call's embedding of sessions: its outputs are the embedding, without a
/// sigmoid.
[[nodiscard]] NetworkShape call_generator_shape(const NetworkShape& shape);

/// The shape as a JSON object, for the manifest, and back; fields that are not there have their defaults.
/// Errors (user's): missing sizes or impossible values.
[[nodiscard]] std::string to_json(const NetworkShape& shape);
Result<NetworkShape> parse_network_shape(const std::string& json);

/// Whether some network of a model reads the vectors that utterances carry. `options`: those of its bundle, a
/// JSON object in which the shapes may be nested.
[[nodiscard]] bool reads_vectors(const std::string& options);

}  // namespace eddy
