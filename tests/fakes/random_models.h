#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "fakes/random_latent_feature.h"
#include "fakes/small_text_encoder.h"
#include "model/recommenders/combined_recommender.h"

namespace eddy {

/// The small shape of a kind of model that is one network, or of a part of one that is several.
inline NetworkShape small_shape(std::string_view kind) {
  NetworkShape shape = small_latent_feature_shape();
  if (kind == "conversation") {
    shape.encoding = Encoding::kNone;
    shape.hidden = 0;
    shape.call_width = 11;
  } else if (kind == "session") {
    shape.encoding = Encoding::kMultiHot;
    shape.reads_calls = false;
    shape.channel_flag = false;
  } else if (kind == "keyword") {
    shape.encoding = Encoding::kMultiHot;
    shape.tags = 14;
  } else if (kind == "wide-and-deep") {
    shape.purchase_flag = true;
    shape.linear = LinearPath::kSincePurchase;
  } else if (kind == "relative-representation") {
    shape.encoding = Encoding::kSimilarities;
    shape.channel_flag = false;
    shape.anchors = 15;
  } else if (kind == "both" || kind.ends_with("-imputation")) {
    shape.encoding = Encoding::kMultiHot;
    shape.reads_calls = false;
    shape.channel_flag = false;
    shape.call_width = 11;
    shape.head = {17, 12};
    if (kind == "neutral-imputation") shape.imputation = Imputation::kNeutral;
    if (kind == "generative-imputation") shape.imputation = Imputation::kGenerated;
    shape.call_generator = 9;
    shape.session_generator = 15;
    shape.generated_steps = 4;
  }
  return shape;
}

/// As `small_shape`, for calls whose utterances carry the vectors that event_generators.h makes.
inline NetworkShape small_carried_shape(std::string_view kind) {
  NetworkShape shape = small_shape(kind);
  shape.text = TextSource::kCarried;
  shape.encoder = "encoder-0";
  shape.embedding = 3;
  return shape;
}

/// As `small_shape`, for calls whose utterances have the vectors of small_text_encoder().
inline NetworkShape small_encoded_shape(std::string_view kind) {
  NetworkShape shape = small_shape(kind);
  shape.text = TextSource::kCarried;
  shape.encoder = small_text_encoder()->name();
  shape.embedding = small_text_encoder()->width();
  return shape;
}

/// A model with weights that nobody trained. `shape_of`: the shapes of its networks.
inline std::shared_ptr<const RecommenderModel> random_model(
    std::string_view kind, std::uint64_t seed, NetworkShape (*shape_of)(std::string_view) = small_shape) {
  const bool distils = kind == "knowledge-distillation";
  if (!distils && kind != "late-fusion") return RandomNetwork(shape_of(kind), seed).model();
  const RandomNetwork conversation(shape_of("conversation"), seed);
  CombinedNetworks networks{
      conversation.weights(), RandomNetwork(shape_of("session"), seed + 1).weights(), {}};
  if (distils) networks.both = RandomNetwork(shape_of("both"), seed + 2).weights();
  return make_combined_model("random@1", conversation.tags(), conversation.items(), std::move(networks))
      .value();
}

/// The kinds that random_model() makes.
inline constexpr std::array kRandomKinds{"latent-feature",
                                         "wide-and-deep",
                                         "conversation",
                                         "session",
                                         "keyword",
                                         "late-fusion",
                                         "knowledge-distillation",
                                         "neutral-imputation",
                                         "relative-representation",
                                         "generative-imputation"};

/// Those of them that read calls as text.
inline constexpr std::array kRandomTextKinds{"latent-feature",
                                             "wide-and-deep",
                                             "conversation",
                                             "late-fusion",
                                             "knowledge-distillation",
                                             "neutral-imputation",
                                             "relative-representation",
                                             "generative-imputation"};

/// For names of tests.
inline std::string with_underscores(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace eddy
