#include "app/commands/simulate.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/kafka_record_writer.h"
#include "app/progress.h"
#include "simulate/paced_writer.h"
#include "simulate/simulation.h"
#include "simulate/standard_work.h"

namespace eddy {
namespace {

constexpr std::size_t kDefaultUsers = 10'000;

struct SimulateOptions {
  std::optional<std::size_t> users;
  std::uint64_t seed = 1;
  std::string out, single, brokers, structure, optimum;
  std::vector<std::string> kafka_properties;
  double rate = 0;
  double days = 28;
  NoiseOptions noise;
  bool standard_work = false;
  std::size_t events = StandardWorkOptions{}.events;
};

Result<KafkaOptions> cluster_of(const SimulateOptions& options) {
  KafkaOptions cluster;
  cluster.brokers = options.brokers;
  for (const std::string& property : options.kafka_properties) {
    const std::size_t equals = property.find('=');
    if (equals == std::string::npos) return user_error("--kafka-property takes NAME=VALUE");
    cluster.properties[property.substr(0, equals)] = property.substr(equals + 1);
  }
  return cluster;
}

Result<std::unique_ptr<RecordWriter>> open_target(const SimulateOptions& options) {
  if (!options.single.empty()) return write_to_file(options.single);
  if (options.out == "-") return write_to_file("-");
  if (!options.out.empty()) return write_to_directory(options.out);
  EDDY_ASSIGN(const KafkaOptions cluster, cluster_of(options));
  std::vector<InputChannel> channels = {InputChannel::kWeb, InputChannel::kCalls};
  if (!options.standard_work) channels.push_back(InputChannel::kPurchases);
  return write_to_kafka(cluster, channels);
}

Result<std::unique_ptr<RecordWriter>> open_writer(const SimulateOptions& options) {
  const int targets =
      (options.out.empty() ? 0 : 1) + (options.single.empty() ? 0 : 1) + (options.brokers.empty() ? 0 : 1);
  if (targets != 1) return user_error("give one of --out DIR, --single FILE and --kafka BROKERS");
  EDDY_ASSIGN(std::unique_ptr<RecordWriter> writer, open_target(options));
  if (options.rate > 0) writer = pace_writer(std::move(writer), options.rate);
  return writer;
}

/// The summary goes to the standard error if the events go to the standard output.
std::ostream& summary_stream(const SimulateOptions& options) {
  return options.out == "-" || options.single == "-" ? std::cerr : std::cout;
}

Result<void> write_optimum(const std::string& file, const OptimumReport& report) {
  std::ofstream output(file);
  output << to_json(report);
  output.close();
  if (!output) return external_error("the optimum cannot be written", file);
  return {};
}

Result<void> run_standard_work(const SimulateOptions& options) {
  StandardWorkOptions work;
  work.seed = options.seed;
  work.events = options.events;
  if (options.users) work.users = *options.users;
  EDDY_ASSIGN(const std::unique_ptr<RecordWriter> writer, open_writer(options));
  Progress progress("writing the standard work", work.events);
  EDDY_ASSIGN(const StandardWorkSummary summary,
              write_standard_work(work, *writer,
                                  [&](std::size_t done, std::size_t /*total*/) { progress.set(done); }));
  EDDY_TRY(writer->finish());
  progress.finish();
  summary_stream(options) << summary.actions + summary.utterances << " events of " << work.users
                          << " users: " << summary.actions << " action, " << summary.utterances
                          << " utterance\n";
  return {};
}

Result<void> run_simulation(const SimulateOptions& options) {
  std::unique_ptr<UserStructure> structure;
  if (options.structure.empty()) {
    structure = draw_structure(options.users.value_or(kDefaultUsers));
  } else {
    EDDY_ASSIGN(structure, read_structure(options.structure, options.users));
  }
  SimulationOptions simulation;
  simulation.seed = options.seed;
  simulation.period.days = options.days;
  simulation.noise = options.noise;
  simulation.noise.broken_keys = !options.brokers.empty();
  EDDY_ASSIGN(const std::unique_ptr<RecordWriter> writer, open_writer(options));
  Progress progress("simulating users", structure->users());
  EDDY_ASSIGN(const SimulationSummary summary,
              simulate(simulation, *structure, *writer,
                       [&](std::size_t done, std::size_t /*users*/) { progress.set(done); }));
  EDDY_TRY(writer->finish());
  progress.finish();
  summary_stream(options) << "simulated, seed " << options.seed << ": " << to_text(summary);
  if (!options.optimum.empty()) EDDY_TRY(write_optimum(options.optimum, summary.optimum));
  if (!options.out.empty() && options.out != "-") {
    EDDY_TRY(write_optimum(options.out + "/optimum.json", summary.optimum));
  }
  return {};
}

void declare_what(CLI::App& command, SimulateOptions& options) {
  command
      .add_option("--users", options.users,
                  "How many users; default 10000, of the standard work 100000, with --structure all")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}));
  command.add_option("--seed", options.seed, "The same seed gives the same events")->capture_default_str();
  command.add_option("--days", options.days, "The period in which they begin")
      ->check(CLI::Range(0.01, 3650.0))
      ->capture_default_str();
  auto* structure =
      command.add_option("--structure", options.structure,
                         "Users and purchases as published: a directory with data_users.csv[.gz] and "
                         "data_purchase_events.csv[.gz]");
  auto* standard = command.add_flag("--standard-work", options.standard_work,
                                    "The work that Eddy is measured by, in place of users with needs");
  standard->excludes(structure);
  command.add_option("--events", options.events, "How many events of standard work")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000'000}))
      ->capture_default_str()
      ->needs(standard);
}

void declare_where(CLI::App& command, SimulateOptions& options) {
  command.add_option("--out", options.out,
                     "Directory for web.jsonl, calls.jsonl, purchases.jsonl; '-': all to stdout");
  command.add_option("--single", options.single, "One file for all events");
  command.add_option("--kafka", options.brokers,
                     "HOST:PORT[,…]: to the topics web, calls and purchases, keyed by user");
  command.add_option("--kafka-property", options.kafka_properties, "NAME=VALUE for librdkafka; repeatable");
  command.add_option("--optimum", options.optimum,
                     "Also write the optimum as JSON here (with --out DIR it is there)");
  command.add_option("--rate", options.rate, "Events a second; 0: as fast as possible")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void declare_noise(CLI::App& command, NoiseOptions& noise) {
  const auto share = CLI::Range(0.0, 1.0);
  command.add_option("--late-share", noise.late_share, "Share of events that arrive up to a day late")
      ->check(share);
  command.add_option("--duplicate-share", noise.duplicate_share, "Share of events that arrive twice")
      ->check(share);
  command
      .add_option("--partial-share", noise.partial_share,
                  "Share of utterances that a partial transcript precedes")
      ->check(share);
  command.add_option("--broken", noise.broken, "How many records that must be refused, of every kind");
}

}  // namespace

RunCommand declare_simulate_command(CLI::App& command) {
  auto options = std::make_shared<SimulateOptions>();
  declare_what(command, *options);
  declare_where(command, *options);
  declare_noise(command, options->noise);
  command.footer(
      "Every purchase has a hidden need, which sessions and calls before it hint at. At the end the optimum "
      "is printed:\n"
      "HR@k and MAP@k of the exact posterior, which no model can beat but by luck. simulate/README.md has "
      "the details.\n"
      "\n"
      "Examples:\n"
      "  eddy simulate --users 20000 --seed 1 --out simulated\n"
      "  eddy simulate --users 1000 --late-share 0.05 --duplicate-share 0.05 --broken 100 --single "
      "events.jsonl\n"
      "  eddy simulate --users 5000 --kafka 127.0.0.1:9092 --rate 500\n"
      "  eddy simulate --standard-work --events 1000000 --users 100000 --single work.jsonl");
  return
      [options] { return options->standard_work ? run_standard_work(*options) : run_simulation(*options); };
}

}  // namespace eddy
