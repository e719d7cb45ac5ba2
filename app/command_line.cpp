#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <vector>

#include "app/commands/check.h"
#include "app/commands/compare.h"
#include "app/commands/demo.h"
#include "app/commands/encode.h"
#include "app/commands/evaluate.h"
#include "app/commands/import.h"
#include "app/commands/offsets.h"
#include "app/commands/profile.h"
#include "app/commands/replay.h"
#include "app/commands/run.h"
#include "app/commands/simulate.h"
#include "app/commands/state.h"
#include "app/commands/topics.h"
#include "app/commands/train.h"

namespace eddy {
namespace {

struct CommandEntry {
  const char* name;
  const char* summary;
  DeclareCommand declare;
};

/// Every command of `eddy`, in the order of its help.
std::vector<CommandEntry> all_commands() {
  return {
      {"check", "Name every mistake of a configuration, or say what it will do", declare_check_command},
      {"run", "Run a configuration's graph until it is told to stop", declare_run_command},
      {"replay", "Run a configuration's graph over a range of its input, into fresh state",
       declare_replay_command},
      {"profile", "Show what is stored of a user", declare_profile_command},
      {"state", "Compare the stored state with its changelog, or make it anew from it",
       declare_state_command},
      {"offsets", "Show where the input topics are read on, or set it", declare_offsets_command},
      {"topics", "Create or show the Kafka topics that a configuration names", declare_topics_command},
      {"demo", "Simulate, train and play, and show a call as it happens", declare_demo_command},
      {"simulate", "Write simulated users' events, whose optimum is known, to files or Kafka",
       declare_simulate_command},
      {"import", "Turn a published data set into events, to files or Kafka", declare_import_command},
      {"encode", "Give events the vectors of their texts, to files or Kafka", declare_encode_command},
      {"train", "Learn a model from events and write a bundle", declare_train_command},
      {"evaluate", "Measure a bundle's rankings against what was bought", declare_evaluate_command},
      {"compare", "Train several models from several seeds and set their measures side by side",
       declare_compare_command},
  };
}

constexpr const char* kFooter =
    "Every command has its own help with examples: eddy COMMAND --help\n"
    "\n"
    "Exit codes: 0 done; 1 the world failed (a broker, a disk); 2 a mistake in the command line, the "
    "configuration\n"
    "or the input.";

int report(const std::string& command, const Error& error) {
  std::cout.flush();
  std::cerr << "eddy " << command << ": " << to_string(error) << '\n';
  return static_cast<int>(error.fault == Fault::kUser ? ExitCode::kMistake : ExitCode::kFailed);
}

int parse_and_run(int argc, const char* const* argv) {
  CLI::App app("Eddy keeps every user's recommendations fresh, event by event.", "eddy");
  app.set_version_flag("--version", "eddy " EDDY_VERSION);
  app.footer(kFooter);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);

  std::vector<std::pair<CLI::App*, RunCommand>> commands;
  for (const CommandEntry& entry : all_commands()) {
    CLI::App* command = app.add_subcommand(entry.name, entry.summary);
    commands.emplace_back(command, entry.declare(*command));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and --version arrive here too, with code 0.
    return static_cast<int>(app.exit(error) == 0 ? ExitCode::kDone : ExitCode::kMistake);
  }
  for (const auto& [command, run] : commands) {
    if (!command->parsed()) continue;
    if (Result<void> done = run(); !done) return report(command->get_name(), done.error());
  }
  return static_cast<int>(ExitCode::kDone);
}

}  // namespace

int run_command_line(int argc, const char* const* argv) noexcept {
  try {
    return parse_and_run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "eddy: unexpected error: " << error.what() << '\n';
  } catch (...) {
    std::cerr << "eddy: unexpected error\n";
  }
  return static_cast<int>(ExitCode::kFailed);
}

}  // namespace eddy
