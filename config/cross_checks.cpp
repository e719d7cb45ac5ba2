#include "config/cross_checks.h"

#include <charconv>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "config/delivery_checks.h"
#include "config/named_node.h"
#include "operators/quantities.h"
#include "pipeline/kafka/kafka_check.h"

namespace eddy {
namespace {

using Mistakes = std::vector<Error>;

/// The same file has one name here, whether it exists or not.
std::string file_identity(const std::string& path) {
  std::error_code failure;
  // A relative path that does not exist is not made absolute by weakly_canonical.
  const std::filesystem::path absolute = std::filesystem::absolute(path, failure);
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(absolute, failure);
  return "file " + (failure ? path : canonical.string());
}

std::string topic_identity(const std::string& topic, const KafkaOptions& cluster) {
  return "topic " + topic + " at " + cluster.brokers;
}

/// Where a setting stands, or else the section that would hold it.
std::string place(const ParamNode& root, const std::string& section, const std::string& setting = {}) {
  const ParamNode* node = root.find(section);
  if (node == nullptr) return root.where;
  const ParamNode* child = node->find(setting);
  return child == nullptr ? node->where : child->where;
}

bool opens_the_door(const std::string& property) {
  return property.starts_with("security.") || property.starts_with("sasl.") || property.starts_with("ssl.") ||
         property.starts_with("enable.ssl");
}

/// What each source reads, with the place that names it; names twice are mistakes.
std::map<std::string, std::string> inputs_of(const Settings& settings, Mistakes& mistakes) {
  std::map<std::string, std::string> inputs;
  const auto add = [&](std::string identity, const std::string& name, const std::string& where) {
    if (!inputs.try_emplace(std::move(identity), where).second) {
      mistakes.push_back(user_error("sources: '" + name + "' is read twice", where));
    }
  };
  for (const SourceSettings& source : settings.sources) {
    if (const auto* kafka = std::get_if<KafkaSourceOptions>(&source.options)) {
      for (const std::string& topic : kafka->topics)
        add(topic_identity(topic, kafka->cluster), topic, source.where);
    } else if (const auto* files = std::get_if<FileSourceOptions>(&source.options)) {
      for (const std::string& path : files->paths) add(file_identity(path), path, source.where);
    }
  }
  return inputs;
}

void check_sinks(const Settings& settings, Mistakes& mistakes) {
  const std::map<std::string, std::string> inputs = inputs_of(settings, mistakes);
  std::map<std::string, std::string> files;
  for (const auto& [name, sink] : settings.sinks) {
    std::string identity;
    if (const auto* file = std::get_if<FileSinkOptions>(&sink.options);
        file != nullptr && !file->path.empty()) {
      identity = file_identity(file->path);
      const auto [other, is_new] = files.try_emplace(identity, name);
      if (!is_new) {
        mistakes.push_back(
            user_error("sinks: '" + name + "' and '" + other->second + "' write to one file", sink.where));
      }
    } else if (const auto* kafka = std::get_if<KafkaSinkOptions>(&sink.options)) {
      identity = topic_identity(kafka->topic, kafka->cluster);
      if (kafka->cluster.brokers.empty()) {
        mistakes.push_back(user_error(
            "sinks: '" + name + "' needs 'brokers', since no Kafka source gives them", sink.where));
      }
    }
    if (const auto input = inputs.find(identity); input != inputs.end()) {
      mistakes.push_back(user_error("sinks: '" + name + "' writes to what is read at " + input->second +
                                        ", so every output would come back as an event",
                                    sink.where));
    }
  }
}

/// Properties are librdkafka's to judge. Without brokers there is another mistake already.
void check_kafka(const Settings& settings, Mistakes& mistakes) {
  const auto judge = [&](const Result<void>& verdict, const std::string& section, const std::string& where) {
    if (!verdict) mistakes.push_back(user_error(section + ": " + verdict.error().message, where));
  };
  for (const SourceSettings& source : settings.sources) {
    const auto* kafka = std::get_if<KafkaSourceOptions>(&source.options);
    if (kafka != nullptr && !kafka->cluster.brokers.empty()) {
      judge(check_kafka_source(*kafka), "sources", source.where);
    }
  }
  for (const auto& [name, sink] : settings.sinks) {
    const auto* kafka = std::get_if<KafkaSinkOptions>(&sink.options);
    if (kafka != nullptr && !kafka->cluster.brokers.empty()) {
      judge(check_kafka_sink(*kafka), "sinks: '" + name + "'", sink.where);
    }
  }
}

/// By custom, an operator's setting `sink` names one of the graph's sinks.
void check_outputs(const Settings& settings, const std::vector<ChainedOperator>& chain, Mistakes& mistakes) {
  std::vector<std::string> names;
  for (const auto& [name, sink] : settings.sinks) names.push_back(name);
  for (const ChainedOperator& chained : chain) {
    for (const OptionSet::Entry& setting : chained.settings) {
      if (setting.name != "sink" || settings.sinks.contains(setting.default_value)) continue;
      const std::string nearest = nearest_name(setting.default_value, names);
      mistakes.push_back(user_error(chained.name + ": there is no sink '" + setting.default_value + "'; " +
                                        (!nearest.empty() ? "did you mean '" + nearest + "'?"
                                                          : "add it under 'sinks', or 'discard' it there"),
                                    chained.where));
    }
  }
}

void read_listen(HttpSettings& http, const std::string& where, Mistakes& mistakes) {
  const std::string& listen = http.listen;
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (host.empty() || port.empty() || error != std::errc() || end != port.data() + port.size()) {
    mistakes.push_back(
        user_error("http: 'listen' must be host:port, such as 127.0.0.1:8080, not '" + listen + "'", where));
    return;
  }
  http.host = std::move(host);
  http.port = number;
}

}  // namespace

void complete_settings(Settings& settings) {
  complete_delivery(settings);
  const KafkaOptions* first = nullptr;
  for (const SourceSettings& source : settings.sources) {
    const auto* kafka = std::get_if<KafkaSourceOptions>(&source.options);
    if (kafka != nullptr && first == nullptr) first = &kafka->cluster;
  }
  for (auto& [name, sink] : settings.sinks) {
    auto* kafka = std::get_if<KafkaSinkOptions>(&sink.options);
    if (kafka == nullptr || !kafka->cluster.brokers.empty() || first == nullptr) continue;
    kafka->cluster.brokers = first->brokers;
    for (const auto& [property, value] : first->properties) {
      if (opens_the_door(property)) kafka->cluster.properties.try_emplace(property, value);
    }
  }
}

void check_across(const ParamNode& root, Settings& settings, const std::vector<ChainedOperator>& chain,
                  Mistakes& mistakes) {
  check_delivery(root, settings, mistakes);
  const StoreOptions& store = settings.state.store;
  if (store.write_buffer_bytes > store.block_cache_bytes) {
    mistakes.push_back(user_error("state: 'write_buffers' (" + to_string(ByteSize{store.write_buffer_bytes}) +
                                      ") are taken from 'block_cache' (" +
                                      to_string(ByteSize{store.block_cache_bytes}) +
                                      "), so they must not be larger",
                                  place(root, "state", "write_buffers")));
  }
  if (settings.state.directory.empty()) {
    mistakes.push_back(user_error("state: 'dir' must name a folder", place(root, "state", "dir")));
  }
  if (settings.name.empty()) {
    mistakes.push_back(user_error("configuration: 'name' must not be empty", place(root, "name")));
  }
  if (settings.sources.size() > 1) {
    mistakes.push_back(
        user_error("sources: a graph has one source, with all its topics or files; this is the second",
                   settings.sources[1].where));
  }
  check_sinks(settings, mistakes);
  check_kafka(settings, mistakes);
  check_outputs(settings, chain, mistakes);
  read_listen(settings.http, place(root, "http", "listen"), mistakes);
}

std::vector<std::string> notes_on(const Settings& settings) {
  std::vector<std::string> notes;
  if (!settings.sinks.contains("dead_letters")) {
    notes.emplace_back("no sink 'dead_letters': bad records are counted, then dropped");
  }
  const HttpSettings& http = settings.http;
  if (http.enabled && http.host != "127.0.0.1" && http.host != "localhost" && http.host != "::1") {
    notes.emplace_back("http listens beyond this machine, without access control");
  }
  return notes;
}

}  // namespace eddy
