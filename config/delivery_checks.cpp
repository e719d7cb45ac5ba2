#include "config/delivery_checks.h"

#include <algorithm>

namespace eddy {
namespace {

constexpr const char* kExactlyOnce = "exactly_once";
constexpr const char* kAdvice =
    "; or set 'delivery: at_least_once' (a few outputs then come again after a crash)";

const KafkaSourceOptions* first_kafka_source(const Settings& settings) {
  if (settings.sources.empty()) return nullptr;
  return std::get_if<KafkaSourceOptions>(&settings.sources.front().options);
}

std::string place_of(const ParamNode& root, const std::string& section, const std::string& setting = {}) {
  const ParamNode* node = root.find(section);
  if (node == nullptr) return root.where;
  const ParamNode* const child = setting.empty() ? nullptr : node->find(setting);
  return child == nullptr ? node->where : child->where;
}

/// Every sink can be part of the source's transactions.
void check_sinks(const Settings& settings, const KafkaSourceOptions& source, std::vector<Error>& mistakes) {
  std::map<std::string, std::pair<std::string, std::string>> properties;  // name → value, sink
  for (const auto& [name, sink] : settings.sinks) {
    if (std::holds_alternative<FileSinkOptions>(sink.options)) {
      mistakes.push_back(
          user_error("sinks: '" + name +
                         "' is a file, and with exactly_once, the default with Kafka, every sink is a "
                         "topic" +
                         kAdvice,
                     sink.where));
    }
    const auto* kafka = std::get_if<KafkaSinkOptions>(&sink.options);
    if (kafka == nullptr) continue;
    if (!kafka->cluster.brokers.empty() && kafka->cluster.brokers != source.cluster.brokers) {
      mistakes.push_back(user_error("sinks: '" + name +
                                        "' is on another cluster than the source, and a "
                                        "transaction reaches one cluster; leave its 'brokers' out" +
                                        kAdvice,
                                    sink.where));
    }
    if (kafka->topic == settings.state.changelog) {
      mistakes.push_back(user_error(
          "sinks: '" + name + "' writes to the changelog; give it a topic of its own", sink.where));
    }
    for (const auto& [property, value] : kafka->cluster.properties) {
      const auto [other, is_new] = properties.try_emplace(property, value, name);
      if (is_new || other->second.first == value) continue;
      mistakes.push_back(user_error("sinks: '" + name + "' and '" + other->second.second + "' set " +
                                        property +
                                        " differently, but with exactly_once one producer writes to both",
                                    sink.where));
    }
  }
}

}  // namespace

void complete_delivery(Settings& settings) {
  KafkaSourceOptions* const source =
      settings.sources.empty() ? nullptr : std::get_if<KafkaSourceOptions>(&settings.sources.front().options);
  if (settings.delivery == "default") {
    settings.delivery = source != nullptr ? kExactlyOnce : "at_least_once";
  }
  if (source == nullptr || settings.delivery != kExactlyOnce) return;
  source->transactional = true;
  if (settings.state.changelog.empty()) settings.state.changelog = source->group + "-changelog";
}

void check_delivery(const ParamNode& root, const Settings& settings, std::vector<Error>& mistakes) {
  if (settings.delivery != kExactlyOnce) {
    for (const char* setting : {"changelog", "standby"}) {
      const ParamNode* const state = root.find("state");
      if (state == nullptr || state->find(setting) == nullptr) continue;
      mistakes.push_back(user_error("state: '" + std::string(setting) +
                                        "' belongs to exactly_once, and the " + "delivery is " +
                                        settings.delivery,
                                    place_of(root, "state", setting)));
    }
    return;
  }
  const KafkaSourceOptions* const source = first_kafka_source(settings);
  if (source == nullptr) {
    mistakes.push_back(
        user_error("delivery: exactly_once needs Kafka's transactions, and the source is no topic; use "
                   "at_least_once, whose outputs carry ids by which a reader drops repeats",
                   place_of(root, "delivery")));
    return;
  }
  if (std::find(source->topics.begin(), source->topics.end(), settings.state.changelog) !=
      source->topics.end()) {
    mistakes.push_back(
        user_error("state: the changelog is one of the input topics; give it a name of its own",
                   place_of(root, "state", "changelog")));
  }
  check_sinks(settings, *source, mistakes);
}

std::map<std::string, std::string> producer_properties(const Settings& settings) {
  std::map<std::string, std::string> properties;
  for (const auto& [name, sink] : settings.sinks) {
    const auto* const kafka = std::get_if<KafkaSinkOptions>(&sink.options);
    if (kafka != nullptr)
      properties.insert(kafka->cluster.properties.begin(), kafka->cluster.properties.end());
  }
  return properties;
}

}  // namespace eddy
