#include "app/commands/demo.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "app/demo/demo_run.h"

namespace eddy {

RunCommand declare_demo_command(CLI::App& command) {
  auto options = std::make_shared<DemoOptions>();
  auto* events =
      command.add_option("--events", options->events,
                         "Real events (.jsonl, .jsonl.gz): learns from four fifths, plays the rest");
  command.add_option("--users", options->users, "Simulated users to learn from; a fifth as many are played")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{100}, std::size_t{1'000'000}))
      ->excludes(events);
  command.add_option("--rate", options->rate, "Utterances of the shown call a second")
      ->capture_default_str()
      ->check(CLI::Range(0.05, 1000.0));
  command.add_option("--call", options->call, "The user whose call is shown; default: one that is worth it");
  command.add_option("--dir", options->directory, "Where its files go")->capture_default_str();
  command.add_option("--seed", options->seed, "Where randomness starts")->capture_default_str();
  command.add_option("--epochs", options->epochs, "Of training")
      ->capture_default_str()
      ->check(CLI::Range(1U, 1000U));
  command
      .add_option("--keep", options->keep_seconds, "Seconds for which HTTP goes on at the end, on a terminal")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command.footer(
      "Examples:\n"
      "  eddy demo\n"
      "  eddy demo --events dialogues.jsonl.gz --rate 1");
  return [options] { return run_demo(*options); };
}

}  // namespace eddy
