#include "crash/proof_work.h"

#include <fstream>
#include <stdexcept>

#include "fakes/random_bundle.h"
#include "pipeline/kafka/kafka_sink.h"
#include "simulate/standard_work.h"

namespace eddy {
namespace {

constexpr int kTags = 512;
// Few items, so that the broker is not what is measured.
constexpr int kItems = 8;
// One user in so many buys, so that the third topic has records.
constexpr std::size_t kUsersPerPurchase = 4;

void require(const Result<void>& result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
}

std::string id_of(std::string_view line) {
  constexpr std::string_view kId = R"("id":")";
  const std::size_t begin = line.find(kId) + kId.size();
  return std::string(line.substr(begin, line.find('"', begin) - begin));
}

/// Keeps the standard work in memory.
class KeptWork final : public RecordWriter {
 public:
  explicit KeptWork(std::vector<ProofRecord>& records) : records_(records) {}
  Result<void> write(InputChannel channel, std::string_view key, std::string_view record) override {
    records_.push_back({channel, std::string(key), id_of(record), std::string(record)});
    return {};
  }
  Result<void> finish() override { return {}; }

 private:
  std::vector<ProofRecord>& records_;
};

std::vector<ProofRecord> make_records(const ProofWorkOptions& options) {
  std::vector<ProofRecord> records;
  records.reserve(options.events);
  KeptWork kept(records);
  StandardWorkOptions work;
  work.seed = options.seed;
  work.events = options.events;
  work.users = options.users;
  if (auto written = write_standard_work(work, kept); !written)
    throw std::runtime_error(to_string(written.error()));
  const std::size_t purchases = options.users / kUsersPerPurchase;
  for (std::size_t i = 0; i < purchases; ++i) {
    ProofRecord& record = records[(2 * i + 1) * options.events / (2 * purchases)];
    const std::string user = "u-" + std::to_string(i * kUsersPerPurchase);
    const std::string id = "p-" + std::to_string(i);
    const std::string time = std::to_string(1'700'000'500'000 + i);
    record = {InputChannel::kPurchases, user, id,
              R"({"type":"purchase","id":")" + id + R"(","user":")" + user + R"(","time":)" + time +
                  R"(,"items":["i1"]})"};
  }
  return records;
}

}  // namespace

ProofWork::ProofWork(const std::string& brokers, const ProofWorkOptions& options)
    : options_(options),
      brokers_(brokers),
      broker_(brokers),
      group_(TestBroker::unique_name("proof")),
      records_(make_records(options)) {
  for (const char* name : {"web", "calls", "purchases"})
    topics_.push_back(broker_.create_topic(name, kPartitions));
  recommendations_ = broker_.create_topic("recommendations", kPartitions);
  dead_letters_ = broker_.create_topic("dead_letters", 1);
  // Small segments, so that compaction finds something to do while a proof runs.
  changelog_ = broker_.create_topic(
      "changelog", kPartitions,
      {{"cleanup.policy", "compact"}, {"segment.bytes", "1048576"}, {"min.cleanable.dirty.ratio", "0.1"}});
  write_model();
}

void ProofWork::write_model() const {
  std::vector<std::string> tags;
  std::vector<ItemId> items;
  for (int i = 0; i < kTags; ++i) tags.push_back("t" + std::to_string(i));
  for (int i = 0; i < kItems; ++i) items.emplace_back("i" + std::to_string(i));
  write_random_bundle(bundle(), tags, items);
}

void ProofWork::produce_until(std::size_t count) {
  std::vector<std::unique_ptr<KafkaSink>> sinks;
  for (const std::string& topic : topics_) {
    KafkaSinkOptions options;
    options.cluster = broker_.cluster();
    options.topic = topic;
    sinks.push_back(std::make_unique<KafkaSink>(options));
    require(sinks.back()->open());
  }
  for (; produced_ < count; ++produced_) {
    const ProofRecord& record = records_.at(produced_);
    require(sinks[static_cast<std::size_t>(record.channel)]->write(ShardId(0), record.user, record.line));
  }
  for (auto& sink : sinks) require(sink->close());
}

std::filesystem::path ProofWork::state(const std::string& name) const {
  const auto moved = moved_.find(name);
  return moved == moved_.end() ? directory() / name : moved->second;
}

std::filesystem::path ProofWork::write_configuration(const ProofProcess& process) const {
  const auto path = directory() / (process.state + ".yaml");
  std::ofstream file(path);
  file << "name: proof\n"
       << "delivery: " << options_.delivery << '\n'
       << "sources:\n"
       << "  - kafka:\n"
       << "      brokers: " << brokers_ << '\n'
       << "      group: " << group_ << '\n';
  if (!process.instance.empty()) file << "      instance: " << process.instance << '\n';
  // The shortest session that a broker grants by default: a killed member is missed soon.
  file << "      topics: [" << topics_[0] << ", " << topics_[1] << ", " << topics_[2] << "]\n"
       << "      properties: {session.timeout.ms: \"6000\", heartbeat.interval.ms: \"1000\"}\n"
       << "operators:\n"
       << "  - decode\n"
       << "  - fold\n"
       << "  - refresh: {bundle: " << bundle().string() << ", keep: 1000}\n"
       << "  - publish: {emit: always, top_k: 1000}\n"
       << "sinks:\n"
       << "  recommendations:\n    kafka: {topic: " << recommendations_ << "}\n"
       << "  dead_letters:\n    kafka: {topic: " << dead_letters_ << "}\n"
       << "state:\n  dir: " << state(process.state).string()
       << "\n  write_buffers: " << options_.write_buffers << '\n';
  if (is_exactly_once()) file << "  changelog: " << changelog_ << "\n  standby: " << process.standby << '\n';
  // Little is under way, so that the work is committed in many units and a kill hits some of it.
  file << "limits: {in_flight: 16MiB}\n"
       << "commit: {interval: 50ms}\n"
       << "http: {enabled: false}\n";
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
  return path;
}

}  // namespace eddy
