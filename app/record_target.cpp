#include "app/record_target.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "app/kafka_record_writer.h"
#include "simulate/paced_writer.h"

namespace eddy {
namespace {

Result<KafkaOptions> cluster_of(const RecordTarget& target) {
  KafkaOptions cluster;
  cluster.brokers = target.brokers;
  for (const std::string& property : target.kafka_properties) {
    const std::size_t equals = property.find('=');
    if (equals == std::string::npos) return user_error("--kafka-property takes NAME=VALUE");
    cluster.properties[property.substr(0, equals)] = property.substr(equals + 1);
  }
  return cluster;
}

Result<std::unique_ptr<RecordWriter>> open_place(const RecordTarget& target,
                                                 const std::vector<InputChannel>& channels) {
  // With a rate somebody may follow the file.
  const auto appears = target.rate > 0 ? FileAppears::kAtOnce : FileAppears::kWhenFinished;
  if (!target.single.empty()) return write_to_file(target.single, appears);
  if (target.out == "-") return write_to_file("-");
  if (!target.out.empty()) return write_to_directory(target.out, appears);
  EDDY_ASSIGN(const KafkaOptions cluster, cluster_of(target));
  return write_to_kafka(cluster, channels);
}

}  // namespace

void declare_record_target(CLI::App& command, RecordTarget& target) {
  command.add_option("--out", target.out,
                     "Directory for web.jsonl, calls.jsonl, purchases.jsonl; '-': all to stdout. "
                     "Files appear when they are whole, with --rate at once");
  command.add_option("--single", target.single, "One file for all events");
  command.add_option("--kafka", target.brokers,
                     "HOST:PORT[,…]: to the topics web, calls and purchases, keyed by user");
  command.add_option("--kafka-property", target.kafka_properties, "NAME=VALUE for librdkafka; repeatable");
  command.add_option("--rate", target.rate, "Events a second; 0: as fast as possible")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

Result<std::unique_ptr<RecordWriter>> open_record_target(const RecordTarget& target,
                                                         const std::vector<InputChannel>& channels) {
  const int places =
      (target.out.empty() ? 0 : 1) + (target.single.empty() ? 0 : 1) + (target.brokers.empty() ? 0 : 1);
  if (places != 1) return user_error("give one of --out DIR, --single FILE and --kafka BROKERS");
  EDDY_ASSIGN(std::unique_ptr<RecordWriter> writer, open_place(target, channels));
  if (target.rate > 0) writer = pace_writer(std::move(writer), target.rate);
  return writer;
}

}  // namespace eddy
