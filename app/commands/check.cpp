#include "app/commands/check.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/configured_run.h"
#include "app/vector_check.h"
#include "config/embedded_configurations.h"
#include "config/plan.h"
#include "config/reference.h"
#include "operators/builtin_operators.h"

namespace eddy {
namespace {

struct CheckOptions {
  std::string file;
  std::vector<std::string> overrides;
  bool plan = false;
  bool print = false;
  bool reference = false;
};

Result<void> check(const CheckOptions& options) {
  if (options.reference) {
    OperatorRegistry registry;
    EDDY_TRY(add_builtin_operators(registry));
    std::cout << reference_page(registry);
    return {};
  }
  if (options.file.empty()) return user_error("give a FILE, or 'default'; eddy check --help has examples");
  if (options.print) {
    EDDY_ASSIGN(const std::string_view text, embedded_configuration(options.file));
    std::cout << text;
    return {};
  }
  EDDY_ASSIGN(const LoadedSettings loaded, load_configuration(options.file, options.overrides));
  EDDY_TRY(check_vectors(loaded.chain));
  if (options.plan) {
    std::cout << plan_text(loaded);
  } else {
    std::cout << options.file << ": no mistakes\n";
  }
  return {};
}

}  // namespace

RunCommand declare_check_command(CLI::App& command) {
  auto options = std::make_shared<CheckOptions>();
  command.add_option(
      "FILE", options->file,
      "The configuration; or 'default', 'preset:marketing', 'preset:replay', 'preset:call-centre'");
  command
      .add_option("--set", options->overrides,
                  "PATH=VALUE over the file, such as commit.interval=1s; repeatable")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  command.add_flag("--plan", options->plan, "Say what will be done");
  command.add_flag("--print", options->print, "Print a configuration of the program, to begin with");
  command.add_flag("--reference", options->reference, "Print the page of all settings");
  command.footer(
      "Everything that `eddy run` would refuse is told at once, with file and line.\n"
      "\n"
      "Examples:\n"
      "  eddy check default --print > eddy.yaml\n"
      "  eddy check eddy.yaml --plan\n"
      "  eddy check eddy.yaml --set operators.refresh.bundle=new-bundle --set sources.kafka.from=end");
  return [options] { return check(*options); };
}

}  // namespace eddy
