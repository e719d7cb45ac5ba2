#include "config/settings_sections.h"

#include <chrono>
#include <utility>

#include "config/named_node.h"

namespace eddy {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using Mistakes = std::vector<Error>;

constexpr ByteSize kMiB{std::uint64_t{1} << 20U};
constexpr ByteSize kTiB{std::uint64_t{1} << 40U};

OptionSet root_options(Settings& settings) {
  OptionSet options("configuration");
  options.add("name", &settings.name, "The job's name: in logs and metrics, and the default consumer group.")
      .add("delivery", &settings.delivery, {"default", "at_least_once", "exactly_once"},
           "What a crash may do to outputs: repeat a few, with the same ids (at_least_once), or nothing "
           "(exactly_once, by Kafka's transactions). The default: exactly_once where sources and sinks are "
           "topics, at_least_once for files.")
      .add("shards", &settings.shards, 1, 4096,
           "Into how many shards files are split by user; with Kafka, each partition is one.")
      .add_nested("sources", "list of sources", "",
                  "Where events come from: one `kafka` or `files`, with all its topics or files.")
      .required()
      .add("plugins", &settings.plugins, "Shared objects with operators of your own.")
      .add_nested("operators", "list of operators", "[decode, redact, fold, refresh, publish]",
                  "The chain that every event takes, in order; each is a name, or a name with settings.")
      .add_nested("sinks", "map of sinks", "{}",
                  "Where outputs go, by name: `recommendations`, `dead_letters`, `triggers` and your own.")
      .add_nested("state", "section", "", "Where and how profiles are kept.")
      .add_nested("commit", "section", "", "How often profiles and input positions are written together.")
      .add_nested("limits", "section", "", "What is under way at most.")
      .add_nested("http", "section", "", "The queries, the live stream and the metrics.")
      .add_nested("log", "section", "", "What is told about the run.");
  return options;
}

OptionSet kafka_source_options(KafkaSourceOptions& kafka) {
  OptionSet options("kafka source");
  options.add("brokers", &kafka.cluster.brokers, "The brokers to begin with, as host:port,host:port.")
      .required()
      .add("group", &kafka.group,
           "The consumer group; processes of one group share the shards. Without it, the job's name.")
      .add(
          "instance", &kafka.instance,
          "This process's name as a static member of the group: a restart within the session's timeout moves "
          "no shard.")
      .add_nested("topics", "list of texts, or map of texts", "",
                  "The topics, all keyed by user and with equal partition counts; in a map, each under a "
                  "name of your "
                  "choice.")
      .required()
      .add("from", &kafka.from,
           "Where a shard without state begins: beginning, end, an RFC 3339 time or an offset.")
      .add("patience", &kafka.cluster.patience, milliseconds(100), hours(1),
           "How long a question to the cluster may take at start.")
      .add("properties", &kafka.cluster.properties,
           "Any property of librdkafka, such as security.protocol or sasl.password.");
  return options;
}

OptionSet file_source_options(FileSourceOptions& files) {
  OptionSet options("files source");
  options.add("paths", &files.paths, "Files of JSON lines, plain or gzip; - is the standard input.")
      .required()
      .add("rate", &files.rate, 0, 1e9, "Events per second; 0: as fast as they are taken.")
      .add("speed", &files.speed, 0, 1e9,
           "Event time per real time: 60 plays an hour in a minute; 0: does not wait.")
      .add_bytes("longest_line", &files.longest_line, ByteSize{1024}, ByteSize{kMiB.bytes * 1024},
                 "Longer lines go to the dead letters.");
  return options;
}

OptionSet kafka_sink_options(KafkaSinkOptions& kafka) {
  OptionSet options("kafka sink");
  options.add("topic", &kafka.topic, "The topic to write to.")
      .required()
      .add("brokers", &kafka.cluster.brokers, "The brokers; without them, those of the first Kafka source.")
      .add("properties", &kafka.cluster.properties,
           "Any property of librdkafka. Without brokers, the security, sasl and ssl ones of the first Kafka "
           "source too.");
  return options;
}

OptionSet file_sink_options(FileSinkOptions& file) {
  OptionSet options("file sink");
  options.add("path", &file.path, "The file of JSON lines, appended to; its folder must exist.")
      .required()
      .add("sync", &file.sync, "Whether each commit waits until the disk has the lines.");
  return options;
}

OptionSet state_options(Settings& settings) {
  StoreOptions& store = settings.state.store;
  OptionSet options("state");
  options.add("dir", &settings.state.directory, "The folder of the profiles; one process at a time owns it.")
      .add_bytes("hot_profiles", &settings.pipeline.hot_profiles_bytes, kMiB, kTiB,
                 "Decoded profiles kept in memory, all shards together.")
      .add_bytes("block_cache", &store.block_cache_bytes, kMiB, kTiB,
                 "RocksDB's memory, all shards together: blocks, indexes and write buffers.")
      .add_bytes("write_buffers", &store.write_buffer_bytes, kMiB, kTiB,
                 "RocksDB's write buffers, all shards together; taken from block_cache.")
      .add_bytes("log_size", &store.max_log_bytes, kMiB, kTiB,
                 "A shard's write-ahead log; more than this forces a flush.")
      .add("background_threads", &store.background_threads, 1, 256,
           "Threads for flushes and compactions, all shards together.")
      .add("open_files", &store.max_open_files, -1, 1'000'000, "Files that a shard keeps open; -1: no limit.")
      .add_bytes("compaction_rate", &store.compaction_bytes_per_second, ByteSize{0}, kTiB,
                 "Bytes per second for flushes and compactions, all shards together; 0: no limit.")
      .add("changelog", &settings.state.changelog,
           "The compacted topic that keeps every profile (exactly_once); without it, the consumer group's "
           "name "
           "and '-changelog'.")
      .add(
          "standby", &settings.state.standby, 0, 1,
          "1: keeps warm copies of shards that other members of the group own, so that a take-over is quick.")
      .add("sync_commits", &store.sync_commits,
           "Whether each commit waits for the disk. Off, a crash of the machine (not of Eddy) costs the last "
           "seconds, "
           "which are then read again from the source.");
  return options;
}

OptionSet commit_options(Settings& settings) {
  PipelineOptions& pipeline = settings.pipeline;
  OptionSet options("commit");
  options
      .add("interval", &pipeline.commit_interval, milliseconds(1), hours(1),
           "How long a change waits for its commit at most.")
      .add("max_events", &pipeline.commit_max_events, 1, 100'000'000, "Commits earlier at this many events.")
      .add("transaction_timeout", &settings.transaction_timeout, milliseconds(1'000), milliseconds(900'000),
           "The cluster aborts a transaction that is open for longer (exactly_once): what a frozen process "
           "may "
           "hold up readers.");
  return options;
}

OptionSet limits_options(PipelineOptions& pipeline) {
  OptionSet options("limits");
  options
      .add_bytes("in_flight", &pipeline.in_flight_bytes, ByteSize{64 * 1024}, kTiB,
                 "Bytes of records read and not yet committed, all shards together; at this the reading "
                 "pauses, and a shard commits early when its unit has a third of its part. More makes bigger "
                 "units, in which a profile is written once however often it changed.")
      .add("batch_events", &pipeline.batch_events, 1, 65'536, "Events of a batch at most.")
      .add("batch_wait", &pipeline.batch_wait, milliseconds(0), milliseconds(10'000),
           "How long a batch waits for more events at most.")
      .add("threads", &pipeline.threads, 0, 1024, "Threads that run the shards; 0: one per core.");
  return options;
}

OptionSet http_options(HttpSettings& http) {
  OptionSet options("http");
  options.add("enabled", &http.enabled, "Whether the HTTP server runs.")
      .add("listen", &http.listen,
           "host:port. There is no access control: beyond 127.0.0.1, put a proxy with one before it. Port 0: "
           "any free "
           "one.");
  return options;
}

OptionSet log_options(LogSettings& log) {
  OptionSet options("log");
  options
      .add("level", &log.level, {"trace", "debug", "info", "warning", "error"}, "The least that is logged.")
      .add("format", &log.format, {"text", "json"}, "One line a fact: for people, or for machines.");
  return options;
}

void read_topics(const ParamNode* node, KafkaSourceOptions& kafka, Mistakes& mistakes) {
  if (node == nullptr) return;  // the option set has missed it already
  const auto add = [&](const ParamNode& topic) {
    if (topic.scalar() != nullptr && !topic.scalar()->empty()) {
      kafka.topics.push_back(*topic.scalar());
    } else {
      mistakes.push_back(user_error("kafka source: a topic must be a name", topic.where));
    }
  };
  if (node->list() != nullptr) {
    for (const ParamNode& topic : *node->list()) add(topic);
  } else if (node->map() != nullptr) {
    for (const auto& [name, topic] : *node->map()) add(topic);
  } else {
    add(*node);
    return;
  }
  if (node->list() != nullptr ? node->list()->empty() : node->map()->empty()) {
    mistakes.push_back(user_error("kafka source: 'topics' names none", node->where));
  }
}

void read_sources(const ParamNode& root, Settings& settings, Mistakes& mistakes) {
  const ParamNode* sources = root.find("sources");
  if (sources == nullptr) return;  // required: the root's option set has missed it
  if (sources->list() == nullptr || sources->list()->empty()) {
    mistakes.push_back(
        user_error("sources: wants a list such as '- files: {paths: [events.jsonl]}'", sources->where));
    return;
  }
  for (const ParamNode& element : *sources->list()) {
    const auto source = read_named_node(element, "a source", mistakes);
    if (!source) continue;
    if (source->name == "kafka") {
      KafkaSourceOptions kafka;
      kafka.group = settings.name;
      kafka_source_options(kafka).read(source->settings, mistakes);
      read_topics(source->settings.find("topics"), kafka, mistakes);
      settings.sources.push_back({std::move(kafka), source->settings.where});
    } else if (source->name == "files") {
      FileSourceOptions files;
      file_source_options(files).read(source->settings, mistakes);
      files.shards = settings.shards;
      settings.sources.push_back({std::move(files), source->settings.where});
    } else {
      mistakes.push_back(
          user_error("sources: there is no source '" + source->name + "'; there are kafka, files",
                     source->settings.where));
    }
  }
}

void read_sinks(const ParamNode& root, Settings& settings, Mistakes& mistakes) {
  const ParamNode* sinks = root.find("sinks");
  if (sinks == nullptr || sinks->is_null()) return;
  if (sinks->map() == nullptr) {
    mistakes.push_back(user_error("sinks: wants 'name: destination' lines", sinks->where));
    return;
  }
  for (const auto& [name, destination] : *sinks->map()) {
    const auto sink = read_named_node(destination, "sink '" + name + "'", mistakes);
    if (!sink) continue;
    if (sink->name == "kafka") {
      KafkaSinkOptions kafka;
      kafka_sink_options(kafka).read(sink->settings, mistakes);
      settings.sinks[name] = {std::move(kafka), destination.where};
    } else if (sink->name == "file") {
      FileSinkOptions file;
      file_sink_options(file).read(sink->settings, mistakes);
      settings.sinks[name] = {std::move(file), destination.where};
    } else if (sink->name == "discard") {
      OptionSet("discard sink").read(sink->settings, mistakes);
      settings.sinks[name] = {DiscardSinkOptions{}, destination.where};
    } else {
      mistakes.push_back(
          user_error("sinks: there is no sink '" + sink->name + "'; there are kafka, file, discard",
                     sink->settings.where));
    }
  }
}

/// Sections that are nothing but options, with their names.
std::vector<std::pair<std::string, OptionSet>> plain_sections(Settings& settings) {
  return {{"state", state_options(settings)},
          {"commit", commit_options(settings)},
          {"limits", limits_options(settings.pipeline)},
          {"http", http_options(settings.http)},
          {"log", log_options(settings.log)}};
}

}  // namespace

void read_sections(const ParamNode& root, Settings& settings, Mistakes& mistakes) {
  root_options(settings).read(root, mistakes);
  for (const auto& [name, options] : plain_sections(settings)) {
    if (const ParamNode* node = root.find(name)) options.read(*node, mistakes);
  }
  read_sources(root, settings, mistakes);
  read_sinks(root, settings, mistakes);
}

std::vector<SectionReference> section_references() {
  Settings settings;
  KafkaSourceOptions kafka_source;
  FileSourceOptions file_source;
  KafkaSinkOptions kafka_sink;
  FileSinkOptions file_sink;
  std::vector<SectionReference> references = {
      {"", "The top of the file.", root_options(settings).entries()},
      {"sources: - kafka", "Reads topics.", kafka_source_options(kafka_source).entries()},
      {"sources: - files", "Reads files to their end, merged by event time.",
       file_source_options(file_source).entries()},
      {"sinks: NAME: kafka", "Writes to a topic, keyed by user.", kafka_sink_options(kafka_sink).entries()},
      {"sinks: NAME: file", "Appends to a file of JSON lines.", file_sink_options(file_sink).entries()},
      {"sinks: NAME: discard", "Throws outputs away, knowingly.", {}}};
  for (const auto& [name, options] : plain_sections(settings)) {
    const std::vector<OptionSet::Entry> root = references.front().entries;
    std::string sentence;
    for (const OptionSet::Entry& entry : root) {
      if (entry.name == name) sentence = entry.sentence;
    }
    references.push_back({name, std::move(sentence), options.entries()});
  }
  return references;
}

}  // namespace eddy
