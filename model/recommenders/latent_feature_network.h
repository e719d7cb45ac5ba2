#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/catalogue.h"
#include "model/features/call_features.h"
#include "model/latent_feature_weights.h"
#include "model/recommenders/matrix_product.h"
#include "model/vocabulary.h"

namespace eddy {

enum class Channel : std::uint8_t { kSession = 0, kCall = 1 };

/// The weights with what follows from them, ready to serve. Immutable, shared by threads.
struct LatentFeatureNetwork {
  LatentFeatureNetwork(std::string name, std::vector<std::string> tags, std::vector<ItemId> items,
                       LatentFeatureWeights the_weights);

  [[nodiscard]] const LatentFeatureShape& shape() const { return weights.shape; }
  [[nodiscard]] bool has_linear_path() const { return !weights.text_to_items.empty(); }

  LatentFeatureWeights weights;
  Vocabulary vocabulary;
  Catalogue catalogue;
  CallTerms terms;
  std::uint64_t identity;  ///< of the name; what caches name their model by

  PackedMatrix text_projection, gru_input, gru_hidden, head, output;  ///< the weights of these names

  std::vector<float> silent_call;               ///< tanh(text_bias): the text side of every session
  std::vector<float> silent_session;            ///< tanh(tag_bias): the tag side of every call
  std::array<std::vector<float>, 2> gate_bias;  ///< by Channel, as gru_step takes it
  std::vector<float> candidate_bias;            ///< b_hn
};

}  // namespace eddy
