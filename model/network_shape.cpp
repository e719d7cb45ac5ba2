#include "model/network_shape.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace eddy {
namespace {

constexpr std::array kEncodings{"none", "multi-hot", "projected", "similarities"};
constexpr std::array kTextSources{"hashed", "carried"};
constexpr std::array kLinearPaths{"last-call", "since-purchase"};
constexpr std::array kImputations{"none", "neutral", "generated"};

template <class Enum, std::size_t kCount>
const char* name_of(Enum value, const std::array<const char*, kCount>& names) {
  return names.at(static_cast<std::size_t>(value));
}

// Throws nlohmann's exceptions; a field that is missing leaves the default.
template <class Enum, std::size_t kCount>
Result<void> read_name(const nlohmann::json& json, const char* field,
                       const std::array<const char*, kCount>& names, Enum& value) {
  if (!json.contains(field)) return {};
  const auto name = json.at(field).get<std::string>();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    return user_error(std::string("network options: ") + field + " \"" + name + "\" is unknown");
  value = static_cast<Enum>(found - names.begin());
  return {};
}

// Throws nlohmann's exceptions.
Result<NetworkShape> read_shape(const nlohmann::json& json) {
  NetworkShape shape;
  json.at("tags").get_to(shape.tags);
  json.at("terms").get_to(shape.terms);
  json.at("items").get_to(shape.items);
  json.at("embedding").get_to(shape.embedding);
  json.at("projection").get_to(shape.projection);
  json.at("hidden").get_to(shape.hidden);
  json.at("buckets").get_to(shape.buckets);
  json.at("max_ngram").get_to(shape.max_ngram);
  json.at("customer_only").get_to(shape.customer_only);
  json.at("max_interactions").get_to(shape.max_interactions);
  shape.anchors = json.value("anchors", shape.anchors);
  shape.call_width = json.value("call_width", shape.call_width);
  shape.head = json.value("head", std::vector<std::size_t>{shape.hidden});
  shape.reads_sessions = json.value("reads_sessions", shape.reads_sessions);
  shape.reads_calls = json.value("reads_calls", shape.reads_calls);
  shape.channel_flag = json.value("channel_flag", shape.channel_flag);
  shape.purchase_flag = json.value("purchase_flag", shape.purchase_flag);
  shape.encoder = json.value("encoder", shape.encoder);
  shape.call_generator = json.value("call_generator", shape.call_generator);
  shape.session_generator = json.value("session_generator", shape.session_generator);
  shape.generated_steps = json.value("generated_steps", shape.generated_steps);
  EDDY_TRY(read_name(json, "encoding", kEncodings, shape.encoding));
  EDDY_TRY(read_name(json, "text", kTextSources, shape.text));
  EDDY_TRY(read_name(json, "linear", kLinearPaths, shape.linear));
  EDDY_TRY(read_name(json, "imputation", kImputations, shape.imputation));
  return shape;
}

Result<void> check_shape(const NetworkShape& shape) {
  // Sizes beyond these come from a damaged file, and their products could overflow.
  constexpr std::size_t kLargest = 1U << 28U;
  for (const std::size_t size : {shape.tags, shape.embedding, shape.projection, shape.anchors, shape.hidden,
                                 shape.call_width, shape.head.size()}) {
    if (size > kLargest) return user_error("network options: a size is too large");
  }
  std::vector<std::size_t> needed{shape.items, shape.buckets, shape.max_ngram, shape.max_interactions};
  needed.insert(needed.end(), shape.head.begin(), shape.head.end());
  if (shape.reads_text()) needed.push_back(shape.embedding);
  if (shape.projects()) needed.push_back(shape.projection);
  if (shape.encoding == Encoding::kSimilarities) needed.push_back(shape.anchors);
  if (shape.imputation == Imputation::kGenerated)
    needed.insert(needed.end(), {shape.call_generator, shape.session_generator, shape.generated_steps});
  for (const std::size_t size : needed) {
    if (size == 0 || size > kLargest) return user_error("network options: a size is 0 or too large");
  }
  if (shape.terms > shape.buckets) return user_error("network options: more terms than there can be");
  if ((shape.hidden == 0) != (shape.encoding == Encoding::kNone) || shape.features() == 0)
    return user_error("network options: a GRU and an encoding for it belong together");
  const bool side_by_side = shape.encoding == Encoding::kMultiHot && shape.reads_sessions &&
                            !shape.reads_calls && !shape.channel_flag && shape.call_width > 0;
  if (shape.imputation != Imputation::kNone && !side_by_side)
    return user_error("network options: imputation is for sessions and calls side by side");
  const bool reads_both = shape.encoding == Encoding::kProjected && shape.reads_sessions && shape.reads_calls;
  if (shape.reads_purchases() && (!reads_both || shape.hidden == 0))
    return user_error("network options: what depends on purchases reads projected sessions and calls");
  return {};
}

bool has_carried_text(const nlohmann::json& options) {
  if (!options.is_object()) return false;
  const auto text = options.find("text");
  if (text != options.end() && *text == kTextSources.back()) return true;
  return std::any_of(options.begin(), options.end(), has_carried_text);
}

}  // namespace

std::size_t NetworkShape::encoded_width() const {
  switch (encoding) {
    case Encoding::kNone:
      return 0;
    case Encoding::kMultiHot:
      return tags;
    case Encoding::kProjected:
      return projection;
    case Encoding::kSimilarities:
      return anchors;
  }
  return 0;
}

NetworkShape call_generator_shape(const NetworkShape& shape) {
  NetworkShape generator = shape;
  generator.terms = 0;
  generator.items = shape.embedding;
  generator.hidden = shape.call_generator;
  generator.call_width = 0;
  generator.head = {shape.call_generator};
  generator.imputation = Imputation::kNone;
  return generator;
}

std::string to_json(const NetworkShape& shape) {
  const nlohmann::ordered_json json = {{"tags", shape.tags},
                                       {"terms", shape.terms},
                                       {"items", shape.items},
                                       {"embedding", shape.embedding},
                                       {"projection", shape.projection},
                                       {"anchors", shape.anchors},
                                       {"hidden", shape.hidden},
                                       {"call_width", shape.call_width},
                                       {"head", shape.head},
                                       {"encoding", name_of(shape.encoding, kEncodings)},
                                       {"reads_sessions", shape.reads_sessions},
                                       {"reads_calls", shape.reads_calls},
                                       {"channel_flag", shape.channel_flag},
                                       {"purchase_flag", shape.purchase_flag},
                                       {"linear", name_of(shape.linear, kLinearPaths)},
                                       {"imputation", name_of(shape.imputation, kImputations)},
                                       {"call_generator", shape.call_generator},
                                       {"session_generator", shape.session_generator},
                                       {"generated_steps", shape.generated_steps},
                                       {"text", name_of(shape.text, kTextSources)},
                                       {"encoder", shape.encoder},
                                       {"buckets", shape.buckets},
                                       {"max_ngram", shape.max_ngram},
                                       {"customer_only", shape.customer_only},
                                       {"max_interactions", shape.max_interactions}};
  return json.dump();
}

Result<NetworkShape> parse_network_shape(const std::string& json) {
  try {
    EDDY_ASSIGN(NetworkShape shape, read_shape(nlohmann::json::parse(json)));
    EDDY_TRY(check_shape(shape));
    return shape;
  } catch (const nlohmann::json::exception& error) {
    return user_error(std::string("network options: ") + error.what());
  }
}

bool reads_vectors(const std::string& options) {
  return has_carried_text(nlohmann::json::parse(options, nullptr, false));
}

}  // namespace eddy
