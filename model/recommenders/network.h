#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "model/features/call_features.h"
#include "model/network_weights.h"
#include "model/recommenders/matrix_product.h"
#include "model/vocabulary.h"

namespace eddy {

enum class Channel : std::uint8_t { kSession = 0, kCall = 1 };

/// SessionGeneratorWeights, packed.
struct PackedSessionGenerator {
  PackedSessionGenerator(const NetworkShape& shape, const SessionGeneratorWeights& weights);

  PackedMatrix dense, gru_input, gru_hidden, output;
  std::vector<float> gate_bias, candidate_bias;  ///< as gru_step takes them
};

/// The weights with what follows from them, ready to serve. Immutable, shared by threads.
struct Network {
  /// `name` tells networks apart: the model's, and the part's where a model has several.
  Network(std::string_view name, std::shared_ptr<const Vocabulary> the_vocabulary,
          NetworkWeights the_weights);

  [[nodiscard]] const NetworkShape& shape() const { return weights.shape; }
  [[nodiscard]] bool has_linear_path() const {
    return !weights.text_to_items.empty() || shape().sums_history();
  }
  /// With vectors in the linear path: adds the part of a call's mean vector, [D], to `linear`, [I]. `scratch`
  /// is resized.
  void add_vector(const float* mean, std::vector<float>& scratch, float* linear) const;
  /// Whether the GRU passes over some interactions, so that an event may leave its latent as it was.
  [[nodiscard]] bool passes_over_some() const { return !shape().reads_sessions || !shape().reads_calls; }

  NetworkWeights weights;
  std::shared_ptr<const Vocabulary> vocabulary;
  CallTerms terms;
  std::uint64_t identity;  ///< of the name; what caches name their network by

  PackedMatrix text_projection, gru_input, gru_hidden, call_projection, output,
      vector_to_items;                  ///< the weights of these names
  std::array<PackedMatrix, 2> anchors;  ///< by Channel
  std::vector<PackedMatrix> head;

  std::vector<float> silent_call;     ///< the text side of every session: tanh(text_bias), or zeros
  std::vector<float> silent_session;  ///< the tag side of every call: tanh(tag_bias), or zeros
  /// As gru_step takes it: by Channel, and then for an interaction that follows a purchase.
  std::array<std::array<std::vector<float>, 2>, 2> gate_bias;
  std::vector<float> candidate_bias;              ///< b_hn
  std::vector<float> neutral_latent;              ///< of the neutral session; zeros without one
  std::shared_ptr<const Network> call_generator;  ///< with Imputation::kGenerated, else null
  PackedSessionGenerator session_generator;       ///< likewise, else empty
};

}  // namespace eddy
