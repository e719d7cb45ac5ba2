#include "app/wiring.h"

#include <utility>

#include "config/delivery_checks.h"
#include "pipeline/discard_sink.h"
#include "pipeline/file/file_sink.h"
#include "pipeline/file/file_source.h"
#include "pipeline/kafka/kafka_sink.h"
#include "pipeline/kafka/kafka_source.h"

namespace eddy {
namespace {

struct MakeSource {
  WiredSource operator()(const KafkaSourceOptions& options) const {
    auto source = std::make_unique<KafkaSource>(options);
    auto membership = source->membership();
    return {std::move(source), std::move(membership)};
  }
  WiredSource operator()(const FileSourceOptions& options) const {
    return {std::make_unique<FileSource>(options), nullptr};
  }
};

struct MakeSink {
  std::shared_ptr<Sink> operator()(const DiscardSinkOptions& /*options*/) const {
    return std::make_shared<DiscardSink>();
  }
  std::shared_ptr<Sink> operator()(const KafkaSinkOptions& options) const {
    return std::make_shared<KafkaSink>(options);
  }
  std::shared_ptr<Sink> operator()(const FileSinkOptions& options) const {
    return std::make_shared<FileSink>(options);
  }
};

}  // namespace

Result<WiredSource> make_source(const Settings& settings) {
  if (settings.sources.size() != 1) {
    return user_error("a graph has one source, with all its topics or files; this one has " +
                      std::to_string(settings.sources.size()));
  }
  return std::visit(MakeSource{}, settings.sources.front().options);
}

TransactionalDeliveryOptions delivery_options(const Settings& settings) {
  const auto& source = std::get<KafkaSourceOptions>(settings.sources.front().options);
  TransactionalDeliveryOptions options;
  options.source_cluster = source.cluster;
  options.sink_cluster = source.cluster;
  options.sink_cluster.properties = producer_properties(settings);
  options.group = source.group;
  options.changelog = settings.state.changelog;
  options.inputs = source.topics;
  options.transaction_timeout = settings.transaction_timeout;
  for (const auto& [name, sink] : settings.sinks) {
    const auto* const kafka = std::get_if<KafkaSinkOptions>(&sink.options);
    options.topics[name] = kafka != nullptr ? kafka->topic : std::string();
  }
  return options;
}

StandbyOptions standby_options(const Settings& settings) {
  const auto& source = std::get<KafkaSourceOptions>(settings.sources.front().options);
  return {source.cluster, source.group, settings.state.changelog};
}

std::map<std::string, std::shared_ptr<Sink>> make_sinks(const Settings& settings) {
  std::map<std::string, std::shared_ptr<Sink>> sinks;
  for (const auto& [name, sink] : settings.sinks) sinks[name] = std::visit(MakeSink{}, sink.options);
  return sinks;
}

}  // namespace eddy
