#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/file/file_sink.h"
#include "pipeline/file/file_source.h"
#include "pipeline/kafka/kafka_options.h"
#include "pipeline/pipeline_options.h"
#include "state/store/store_options.h"

namespace eddy {

/// One of the graph's inputs.
struct SourceSettings {
  std::variant<KafkaSourceOptions, FileSourceOptions> options;
  std::string where;  ///< its place in the configuration
};

/// Outputs that nobody wants.
struct DiscardSinkOptions {};

/// One of the graph's outputs.
struct SinkSettings {
  std::variant<DiscardSinkOptions, KafkaSinkOptions, FileSinkOptions> options;
  std::string where;  ///< its place in the configuration
};

struct StateSettings {
  std::string directory = "eddy-state";  ///< holds one folder per shard
  StoreOptions store;
  std::string
      changelog;    ///< topic of the profiles' changelog (exactly_once); filled in where it is not given
  int standby = 0;  ///< 1: keep warm copies of shards of other members of the group
};

struct HttpSettings {
  bool enabled = true;
  std::string listen = "127.0.0.1:8080";  ///< as written; host and port are read from it
  std::string host = "127.0.0.1";         ///< a name or an address; an IPv6 address without its brackets
  std::uint16_t port = 8080;              ///< 0: any free port
};

struct LogSettings {
  std::string level = "info";   ///< trace, debug, info, warning or error
  std::string format = "text";  ///< text or json
};

/// Everything that a configuration says but for the operators, whose settings belong to their factories. The
/// structs are those of the classes that obey them.
struct Settings {
  std::string name = "eddy";  ///< of this job: in logs and metrics, and the consumer group's default
  /// "at_least_once" or "exactly_once"; as written, "default" becomes one of them by the sources.
  std::string delivery = "default";
  std::int32_t shards = 4;  ///< of file sources; Kafka has one per partition
  std::vector<SourceSettings> sources;
  std::vector<std::string> plugins;  ///< shared objects, loaded before the operators are looked up
  std::map<std::string, SinkSettings> sinks;
  StateSettings state;
  PipelineOptions pipeline;
  std::chrono::milliseconds transaction_timeout{
      60'000};  ///< the cluster aborts a transaction open for longer
  HttpSettings http;
  LogSettings log;
};

}  // namespace eddy
