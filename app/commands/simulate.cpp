#include "app/commands/simulate.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/progress.h"
#include "app/record_target.h"
#include "simulate/simulation.h"
#include "simulate/standard_work.h"
#include "simulate/tryg_writer.h"

namespace eddy {
namespace {

constexpr std::size_t kDefaultUsers = 10'000;

struct SimulateOptions {
  std::optional<std::size_t> users;
  std::uint64_t seed = 1;
  RecordTarget target;
  std::vector<std::string> as;  ///< a format and a directory
  std::string structure, optimum;
  double days = 28;
  NoiseOptions noise;
  bool standard_work = false;
  std::size_t events = StandardWorkOptions{}.events;
};

std::vector<InputChannel> channels_of(const SimulateOptions& options) {
  std::vector<InputChannel> channels = {InputChannel::kWeb, InputChannel::kCalls};
  if (!options.standard_work) channels.push_back(InputChannel::kPurchases);
  return channels;
}

/// The summary goes to the standard error if the events go to the standard output.
std::ostream& summary_stream(const SimulateOptions& options) {
  return options.target.is_standard_output() ? std::cerr : std::cout;
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
  EDDY_ASSIGN(const std::unique_ptr<RecordWriter> writer,
              open_record_target(options.target, channels_of(options)));
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

Result<std::unique_ptr<UserStructure>> structure_of(const SimulateOptions& options) {
  if (options.structure.empty()) return draw_structure(options.users.value_or(kDefaultUsers));
  return read_structure(options.structure, options.users);
}

/// As the files that another data set is published in.
Result<void> run_as(const SimulateOptions& options) {
  if (options.as[0] != "tryg")
    return user_error("--as knows the format 'tryg' only, not '" + options.as[0] + "'");
  if (options.standard_work)
    return user_error("--standard-work has no users to write as others are published");
  if (!options.target.is_empty())
    return user_error("--as writes to its own DIR: leave out --out, --single and --kafka");
  const NoiseOptions& noise = options.noise;
  if (noise.late_share + noise.duplicate_share + noise.partial_share > 0 || noise.broken > 0) {
    return user_error(
        "files as published have no times: leave out --late-share, --duplicate-share, --partial-share and "
        "--broken");
  }
  EDDY_ASSIGN(const auto structure, structure_of(options));
  SimulationOptions simulation;
  simulation.seed = options.seed;
  simulation.period.days = options.days;
  Progress progress("simulating users", structure->users());
  EDDY_ASSIGN(const TrygSummary summary,
              simulate_tryg(simulation, *structure, options.as[1],
                            [&](std::size_t done, std::size_t /*users*/) { progress.set(done); }));
  progress.finish();
  std::cout << "simulated, seed " << options.seed << ": " << to_text(summary);
  EDDY_TRY(write_optimum(options.as[1] + "/optimum.json", summary.optimum));
  return options.optimum.empty() ? Result<void>() : write_optimum(options.optimum, summary.optimum);
}

Result<void> run_simulation(const SimulateOptions& options) {
  EDDY_ASSIGN(const auto structure, structure_of(options));
  SimulationOptions simulation;
  simulation.seed = options.seed;
  simulation.period.days = options.days;
  simulation.noise = options.noise;
  simulation.noise.broken_keys = !options.target.brokers.empty();
  EDDY_ASSIGN(const std::unique_ptr<RecordWriter> writer,
              open_record_target(options.target, channels_of(options)));
  Progress progress("simulating users", structure->users());
  EDDY_ASSIGN(const SimulationSummary summary,
              simulate(simulation, *structure, *writer,
                       [&](std::size_t done, std::size_t /*users*/) { progress.set(done); }));
  EDDY_TRY(writer->finish());
  progress.finish();
  summary_stream(options) << "simulated, seed " << options.seed << ": " << to_text(summary);
  if (!options.optimum.empty()) EDDY_TRY(write_optimum(options.optimum, summary.optimum));
  if (!options.target.out.empty() && options.target.out != "-") {
    EDDY_TRY(write_optimum(options.target.out + "/optimum.json", summary.optimum));
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
  declare_record_target(command, options.target);
  command
      .add_option("--as", options.as,
                  "tryg DIR: as the CSV files of arXiv 2405.04246, which 'eddy import tryg DIR' reads")
      ->expected(2);
  command.add_option("--optimum", options.optimum,
                     "Also write the optimum as JSON here (with --out and --as it is in DIR)");
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
      "  eddy simulate --users 2000 --as tryg published\n"
      "  eddy simulate --standard-work --events 1000000 --users 100000 --single work.jsonl");
  return [options] {
    if (!options->as.empty()) return run_as(*options);
    return options->standard_work ? run_standard_work(*options) : run_simulation(*options);
  };
}

}  // namespace eddy
