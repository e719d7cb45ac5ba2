#include "app/event_input.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <sstream>
#include <string_view>
#include <utility>

#include "app/progress.h"
#include "event/batch.h"
#include "operators/decode/json_event_reader.h"
#include "pipeline/file/file_source.h"
#include "pipeline/kafka/kafka_source.h"

namespace eddy {
namespace {

constexpr std::string_view kKafkaScheme = "kafka://";
constexpr std::chrono::milliseconds kPollTimeout{100};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

Result<KafkaSourceOptions> parse_topics(const std::string& source) {
  const std::string expected = source + " is not of the form kafka://HOST:PORT/TOPIC,TOPIC";
  std::string rest = source.substr(kKafkaScheme.size());
  KafkaSourceOptions options;
  if (const auto mark = rest.find('?'); mark != std::string::npos) {
    for (const std::string& pair : split(rest.substr(mark + 1), '&')) {
      const auto equals = pair.find('=');
      if (equals == std::string::npos) return user_error(expected + "?property=value&property=value");
      options.cluster.properties[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    rest.resize(mark);
  }
  const auto slash = rest.find('/');
  if (slash == std::string::npos || slash == 0) return user_error(expected);
  options.cluster.brokers = rest.substr(0, slash);
  options.topics = split(rest.substr(slash + 1), ',');
  if (options.topics.empty()) return user_error(expected);
  options.bounded = true;
  return options;
}

/// Decodes what a source hands over.
class EventCollector final : public SourceHandler {
 public:
  explicit EventCollector(EventInput& input) : input_(input) {}

  void on_record(ShardId /*shard*/, SourcePosition position, std::string_view key, bool has_key,
                 std::string_view value) override {
    json_.assign(value);
    json_.append(Batch::kPadding, '\0');
    Event event;
    const Result<void> read = reader_.read(std::string_view(json_).substr(0, value.size()), event);
    if (!read) {
      refuse(position, read.error().message);
    } else if (has_key && key != event.user.value()) {
      refuse(position, "the record's key is not the event's user");
    } else {
      input_.events.push_back(std::move(event));
    }
  }
  void on_refused(ShardId /*shard*/, SourcePosition position, std::string_view /*first_bytes*/,
                  std::string_view reason) override {
    refuse(position, std::string(reason));
  }
  Result<Positions> on_assigned(ShardId /*shard*/) override { return Positions{}; }
  Result<void> on_revoked(ShardId /*shard*/) override { return {}; }

 private:
  void refuse(const SourcePosition& position, const std::string& reason) {
    if (input_.refused++ > 0) return;
    input_.first_refusal = position.topic.str() + ", partition " + std::to_string(position.partition) +
                           ", offset " + std::to_string(position.offset) + ": " + reason;
  }

  EventInput& input_;
  JsonEventReader reader_;
  std::string json_;
};

Result<void> drain(Source& source, EventCollector& collector, Progress& progress) {
  EDDY_TRY(source.open());
  for (;;) {
    const Result<bool> more = source.poll(collector, kPollTimeout);
    if (!more && more.error().remedy == Remedy::kRetry) continue;
    if (!more) return more.error();
    const SourceProgress state = source.progress();
    progress.set_total(state.total);
    progress.set(state.done);
    if (!*more) break;
  }
  source.close();
  return {};
}

}  // namespace

Result<EventInput> read_events(const std::vector<std::string>& sources) {
  FileSourceOptions files;
  std::vector<std::unique_ptr<Source>> opened;
  for (const std::string& source : sources) {
    if (source.rfind(kKafkaScheme, 0) != 0) {
      files.paths.push_back(source);
      continue;
    }
    EDDY_ASSIGN(auto topics, parse_topics(source));
    opened.push_back(std::make_unique<KafkaSource>(std::move(topics)));
  }
  files.shards = 1;
  if (!files.paths.empty()) opened.push_back(std::make_unique<FileSource>(files));
  EventInput input;
  EventCollector collector(input);
  for (const auto& source : opened) {
    Progress progress("reading events", 0);
    EDDY_TRY(drain(*source, collector, progress));
  }
  if (input.events.empty()) {
    return user_error("there is no event in the input" +
                      (input.first_refusal.empty() ? std::string() : "; " + input.first_refusal));
  }
  return input;
}

void declare_events_option(CLI::App& command, std::vector<std::string>& sources) {
  command
      .add_option("--events", sources,
                  "Files of events (.jsonl, .jsonl.gz), or kafka://HOST:PORT/TOPIC,TOPIC")
      ->required();
}

}  // namespace eddy
