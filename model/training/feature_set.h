#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "event/ids.h"
#include "model/features/call_features.h"
#include "model/training/examples.h"
#include "model/vocabulary.h"

namespace eddy {

/// What of a call is read.
enum class CallSource : std::uint8_t {
  kTerms,     ///< hashed n-grams of its words
  kKeywords,  ///< the keywords of its utterances, in one space with the tags of sessions
  kCarried,   ///< the vectors that its utterances carry
};

/// What a feature must be to count. Features that are too rare are noise.
struct FeatureOptions {
  CallSource calls = CallSource::kTerms;
  double min_tag_share =
      0.001;  ///< of all actions: a tag that fewer touch is dropped; so of sentences a keyword
  double min_term_share = 0;         ///< of all sentences: a term that fewer have is dropped
  std::uint32_t min_term_count = 2;  ///< sentences that a term must be in, whatever their share
  std::uint32_t max_ngram = 2;       ///< 1..max_ngram words make a term
  std::uint32_t buckets = 1U << 18U;
  bool customer_only = false;  ///< the agent's sentences are not heard
  std::uint32_t max_interactions = 10;
  bool terms_beside_vectors = false;  ///< with kCarried: terms, too
  std::string encoder{};  ///< with kCarried: whose vectors count; empty: those that most calls carry
};

/// The features and items that a model is about to learn.
struct FeatureSet {
  FeatureOptions options;
  Vocabulary tags;                          ///< in alphabetical order; with kKeywords these, too
  std::vector<std::uint32_t> term_buckets;  ///< ascending; the place is the term's row
  CallTerms terms;
  std::vector<ItemId> items;  ///< that were bought, in order of their ids
  std::string encoder;        ///< with kCarried: the one whose vectors count
  std::size_t embedding = 0;  ///< with kCarried: the length of its vectors; 0: no call carries any
};

[[nodiscard]] FeatureSet choose_features(std::span<const LearningExample> examples,
                                         const FeatureOptions& options);

/// Examples as indices, in few large vectors: what the training batches are cut from.
struct EncodedExamples {
  struct Range {
    std::uint64_t begin = 0, end = 0;
    [[nodiscard]] std::uint64_t size() const { return end - begin; }
  };
  struct Interaction {
    Range features;  ///< in `features`: tags of a session, terms or keywords of a call
    Range cuts;      ///< in `cuts`: for each turn of the customer, how many of the features are heard by then
    Range vector_cuts;  ///< in `cuts`: likewise how many of the vectors, with cut_vectors
    Range vector;       ///< in `vectors`: the sum of a call's carried vectors, or nothing
    Range
        cut_vectors;  ///< in `vectors`: for each turn the sum by then; of a last call whose vectors are kept
    std::uint64_t vectors = 0;  ///< how many are in the sum
    bool is_call = false;
    bool follows_purchase = false;
  };
  struct Example {
    Range interactions;
    Range imputed;       ///< in `interactions`: what is read where the example has nothing that the GRU reads
    Range imputed_call;  ///< in `vectors`: the embedding that stands for calls, or nothing
    Range bought;        ///< in `labels`: item indices
    Range eligible;      ///< in `labels`: item indices; only with has_portfolio
    bool has_portfolio = false;
    ExampleKind kind = ExampleKind::kSessionsOnly;
  };
  std::vector<std::uint32_t> features;
  std::vector<std::uint32_t> cuts;
  std::vector<std::uint32_t> labels;
  std::vector<float> vectors;
  std::vector<Interaction> interactions;
  std::vector<Example> examples;
  std::size_t items = 0;
};

/// The features of serving, taken once from each example.
[[nodiscard]] EncodedExamples encode_examples(std::span<const LearningExample> examples,
                                              const FeatureSet& features);

/// The weight of each kind of example, as Latent feature is trained: 1 with sessions only, 2 with calls only,
/// and (2·p_calls + p_sessions) / (1 − p_both) with both, where p are the kinds' shares. All 1 if all have
/// both.
struct KindWeights {
  float sessions_only = 1, calls_only = 2, both = 1;

  [[nodiscard]] float of(ExampleKind kind) const;
};
[[nodiscard]] KindWeights kind_weights(const EncodedExamples& examples);

}  // namespace eddy
