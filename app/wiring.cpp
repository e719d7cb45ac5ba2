#include "app/wiring.h"

#include <utility>

#include "pipeline/discard_sink.h"
#include "pipeline/file/file_sink.h"
#include "pipeline/file/file_source.h"
#include "pipeline/kafka/kafka_sink.h"
#include "pipeline/kafka/kafka_source.h"

namespace eddy {
namespace {

struct MakeSource {
  std::unique_ptr<Source> operator()(const KafkaSourceOptions& options) const {
    return std::make_unique<KafkaSource>(options);
  }
  std::unique_ptr<Source> operator()(const FileSourceOptions& options) const {
    return std::make_unique<FileSource>(options);
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

Result<std::unique_ptr<Source>> make_source(const Settings& settings) {
  if (settings.sources.size() != 1) {
    return user_error("a graph has one source, with all its topics or files; this one has " +
                      std::to_string(settings.sources.size()));
  }
  return std::visit(MakeSource{}, settings.sources.front().options);
}

std::map<std::string, std::shared_ptr<Sink>> make_sinks(const Settings& settings) {
  std::map<std::string, std::shared_ptr<Sink>> sinks;
  for (const auto& [name, sink] : settings.sinks) sinks[name] = std::visit(MakeSink{}, sink.options);
  return sinks;
}

}  // namespace eddy
