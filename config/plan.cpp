#include "config/plan.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "config/cross_checks.h"
#include "operators/quantities.h"

namespace eddy {
namespace {

std::string bytes(std::size_t count) {
  return to_string(ByteSize{count});
}

/// Whether a librdkafka property is a secret by its name, wherever its value came from.
bool is_secret(const std::string& property) {
  for (const char* part :
       {"password", "secret", "token", "key.pem", "sasl.oauthbearer.config", "certificate.pem"}) {
    if (property.find(part) != std::string::npos) return true;
  }
  return false;
}

/// Lines of "name  value" below a heading.
class Outline {
 public:
  explicit Outline(const Secrets& secrets) : secrets_(secrets) {}

  void heading(const std::string& text) { text_ += "\n" + text + "\n"; }
  void line(const std::string& name, const std::string& value, int depth = 1) {
    constexpr std::size_t kColumn = 18;
    std::string start(2 * static_cast<std::size_t>(depth), ' ');
    start += name;
    if (!value.empty())
      start.resize(std::max(start.size() + 2, kColumn + 2 * static_cast<std::size_t>(depth)), ' ');
    text_ += start + value + "\n";
  }
  [[nodiscard]] std::string shown(const std::string& value) const {
    // A list in one text may hold a secret among others.
    const std::string whole = secrets_.shown(value);
    return whole == value ? secrets_.concealed(value) : whole;
  }
  [[nodiscard]] std::string shown(const std::vector<std::string>& values) const {
    std::string all;
    for (const std::string& value : values) all += (all.empty() ? "" : ", ") + shown(value);
    return all;
  }
  void properties(const std::map<std::string, std::string>& properties, int depth) {
    for (const auto& [property, value] : properties) {
      const std::string text = shown(value);
      line(property, is_secret(property) && text == value ? "(hidden)" : text, depth);
    }
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
  const Secrets& secrets_;
};

void add_sources(const Settings& settings, Outline& outline) {
  outline.heading("sources");
  for (const SourceSettings& source : settings.sources) {
    if (const auto* kafka = std::get_if<KafkaSourceOptions>(&source.options)) {
      outline.line("kafka", outline.shown(kafka->cluster.brokers));
      outline.line("topics", outline.shown(kafka->topics), 2);
      outline.line("group", outline.shown(kafka->group), 2);
      outline.line("begins at", "the positions in the state; without them " + outline.shown(kafka->from), 2);
      outline.line("shards", "one per partition", 2);
      outline.properties(kafka->cluster.properties, 2);
    } else if (const auto* files = std::get_if<FileSourceOptions>(&source.options)) {
      outline.line("files", outline.shown(files->paths));
      outline.line("shards", std::to_string(files->shards) + ", by user", 2);
    }
  }
}

void add_operators(const std::vector<ChainedOperator>& chain, Outline& outline) {
  outline.heading("operators, in this order");
  int number = 0;
  for (const ChainedOperator& chained : chain) {
    outline.line(std::to_string(++number) + " " + chained.name,
                 chained.factory->summary() + " [" + to_string(chained.stage) + "]");
    for (const OptionSet::Entry& setting : chained.settings) {
      const bool is_given = chained.given.contains(setting.name);
      outline.line(setting.name, outline.shown(setting.default_value) + (is_given ? "" : "  (default)"), 3);
    }
  }
}

void add_sinks(const Settings& settings, Outline& outline) {
  outline.heading("sinks");
  if (settings.sinks.empty()) outline.line("none", "");
  for (const auto& [name, sink] : settings.sinks) {
    if (const auto* kafka = std::get_if<KafkaSinkOptions>(&sink.options)) {
      outline.line(name,
                   "topic " + outline.shown(kafka->topic) + " at " + outline.shown(kafka->cluster.brokers));
      outline.properties(kafka->cluster.properties, 2);
    } else if (const auto* file = std::get_if<FileSinkOptions>(&sink.options)) {
      outline.line(name,
                   "file " + outline.shown(file->path) + (file->sync ? ", on disk at each commit" : ""));
    } else {
      outline.line(name, "discarded");
    }
  }
}

void add_budgets(const Settings& settings, Outline& outline) {
  const PipelineOptions& pipeline = settings.pipeline;
  const StoreOptions& store = settings.state.store;
  outline.heading("state");
  outline.line("folder", outline.shown(settings.state.directory));
  if (settings.delivery == "exactly_once") {
    outline.line("changelog", "topic " + outline.shown(settings.state.changelog));
    outline.line("standby", settings.state.standby == 0 ? "none" : "warm copies of other members' shards");
  }
  outline.line("commit", "every " + to_string(pipeline.commit_interval) + " or " +
                             std::to_string(pipeline.commit_max_events) + " events" +
                             (store.sync_commits ? ", waiting for the disk" : ""));
  outline.heading("memory at most, beside the program and its model");
  outline.line("hot profiles", bytes(pipeline.hot_profiles_bytes));
  outline.line("block cache", bytes(store.block_cache_bytes) + " (" + bytes(store.write_buffer_bytes) +
                                  " of it for write buffers)");
  outline.line("in flight", bytes(pipeline.in_flight_bytes) + " of records, in batches of " +
                                std::to_string(pipeline.batch_events) + " or what " +
                                to_string(pipeline.batch_wait) + " brings");
  outline.line("together",
               bytes(pipeline.hot_profiles_bytes + store.block_cache_bytes + pipeline.in_flight_bytes));
}

}  // namespace

std::string plan_text(const LoadedSettings& loaded) {
  const Settings& settings = loaded.settings;
  Outline outline(loaded.secrets);
  outline.line("name", outline.shown(settings.name), 0);
  outline.line("delivery",
               settings.delivery == "exactly_once"
                   ? "exactly_once: outputs, profiles and positions are committed in one transaction"
                   : settings.delivery + ": after a crash a few outputs may come again, with the same ids",
               0);
  add_sources(settings, outline);
  add_operators(loaded.chain, outline);
  add_sinks(settings, outline);
  add_budgets(settings, outline);
  outline.heading("outside");
  outline.line("http", settings.http.enabled ? "http://" + outline.shown(settings.http.listen) : "off");
  outline.line("log", settings.log.level + " and above, as " + settings.log.format);
  outline.line("threads",
               settings.pipeline.threads == 0 ? "one per core" : std::to_string(settings.pipeline.threads));
  const std::vector<std::string> notes = notes_on(settings);
  if (!notes.empty()) outline.heading("notes");
  for (const std::string& note : notes) outline.line(note, "");
  return outline.take();
}

}  // namespace eddy
