#include "app/commands/state.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "app/logging.h"
#include "app/settings_file.h"
#include "app/state/changelog_place.h"
#include "app/state/rebuild_store.h"
#include "app/state/verify_store.h"
#include "state/store/state_directory.h"

namespace eddy {
namespace {

struct StateOptions {
  std::string file;
  std::vector<std::string> overrides;
  std::optional<std::int32_t> shard;
  CLI::App* verify = nullptr;
};

/// The state directory under lock, and its changelog.
struct OpenState {
  ChangelogPlace changelog;
  std::unique_ptr<StateDirectory> directory;
};

Result<OpenState> open_state(const Settings& settings) {
  OpenState open;
  EDDY_ASSIGN(open.changelog, find_changelog(settings));
  EDDY_ASSIGN(open.directory,
              StateDirectory::open(settings.state.directory, {settings.name, open.changelog.partitions}));
  return open;
}

Result<std::vector<ShardId>> chosen_shards(const StateOptions& options, const OpenState& open) {
  const StateDirectory& directory = *open.directory;
  if (!options.shard) return StateDirectory::held_shards(directory.path(), directory.identity());
  if (*options.shard < directory.identity().shards) return std::vector{ShardId(*options.shard)};
  return user_error("--shard: there is no shard " + std::to_string(*options.shard) + "; the last one is " +
                    std::to_string(directory.identity().shards - 1));
}

Result<Verification> verify_shard(ShardId shard, const OpenState& open, const StoreResources& resources) {
  const std::filesystem::path path = open.directory->shard_path(shard);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return user_error("this shard has no store here", path.string());
  EDDY_ASSIGN(const auto store, RocksProfileStore::open_read_only(path, resources));
  EDDY_ASSIGN(const auto reader,
              ChangelogReader::open(open.changelog.cluster, open.changelog.topic, shard.value()));
  VerifyOptions options;
  options.scratch = open.directory->scratch_path(shard, StateDirectory::Scratch::kVerify);
  options.retention = open.changelog.retention;
  return verify_store(shard, *store, *reader, options, resources);
}

Result<void> verify(const StateOptions& options, const Settings& settings) {
  EDDY_TRY(StateDirectory::read_identity(settings.state.directory));  // a mere look makes no directory
  EDDY_ASSIGN(const OpenState open, open_state(settings));
  EDDY_ASSIGN(const auto shards, chosen_shards(options, open));
  if (shards.empty()) return user_error("there are no shards here yet", settings.state.directory);
  const StoreResources resources(settings.state.store);
  std::string different;
  for (const ShardId shard : shards) {
    EDDY_ASSIGN(const Verification verification, verify_shard(shard, open, resources));
    std::cout << to_text(shard, verification) << std::flush;
    if (verification.verdict == Verification::Verdict::kEqual) continue;
    different += (different.empty() ? "" : ", ") + std::to_string(shard.value());
  }
  if (different.empty()) return {};
  return external_error("these shards do not equal their changelog: " + different +
                            "; eddy state rebuild makes them anew from it",
                        settings.state.directory);
}

Result<void> rebuild(const StateOptions& options, const Settings& settings) {
  EDDY_ASSIGN(const OpenState open, open_state(settings));
  EDDY_ASSIGN(auto shards, chosen_shards(options, open));
  const bool holds_none = shards.empty();
  // A directory that holds nothing may come to own any shard.
  for (std::int32_t shard = 0; holds_none && shard < open.changelog.partitions; ++shard) {
    shards.emplace_back(shard);
  }
  const StoreResources resources(settings.state.store);
  for (const ShardId shard : shards) {
    EDDY_ASSIGN(const auto reader,
                ChangelogReader::open(open.changelog.cluster, open.changelog.topic, shard.value()));
    EDDY_ASSIGN(const std::uint64_t rows, rebuild_store(shard, *open.directory, *reader, resources));
    std::cout << "shard " << shard.value() << ": made anew from " << rows << " records of the changelog"
              << '\n'
              << std::flush;
  }
  return {};
}

Result<void> run_state(const StateOptions& options) {
  if (options.file.empty()) return user_error("give --config FILE; eddy state --help has examples");
  EDDY_ASSIGN(const LoadedSettings loaded, load_settings_file(options.file, options.overrides));
  start_logging(loaded.settings.log);
  return concealed(
      options.verify->parsed() ? verify(options, loaded.settings) : rebuild(options, loaded.settings),
      loaded.secrets);
}

void add_options(CLI::App& command, StateOptions& options) {
  command.add_option("FILE,--config", options.file,
                     "The configuration that names the state directory, the cluster and the changelog");
  command.add_option("--shard", options.shard, "One shard instead of all that the directory holds")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--set", options.overrides, "PATH=VALUE over the file; repeatable")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
}

}  // namespace

RunCommand declare_state_command(CLI::App& command) {
  auto options = std::make_shared<StateOptions>();
  command.require_subcommand(1);
  options->verify = command.add_subcommand("verify", "Say whether the stores equal their changelog");
  add_options(*options->verify, *options);
  options->verify->footer(
      "Compares every profile and input position of a state directory with the changelog's last records. "
      "Changes "
      "nothing;\n"
      "takes as much disk beside the stores as one of them while it works. Exit code 1: they differ, or "
      "nothing "
      "could be\n"
      "compared. A store may be behind its changelog, as a kill leaves it: rows that changed since are "
      "counted, "
      "and not\n"
      "compared, since a compacted topic keeps their last value only.\n"
      "\n"
      "Examples:\n"
      "  eddy state verify --config eddy.yaml\n"
      "  eddy state verify --config eddy.yaml --shard 3");
  CLI::App* const rebuild_command =
      command.add_subcommand("rebuild", "Make the stores anew from their changelog");
  add_options(*rebuild_command, *options);
  rebuild_command->footer(
      "Reads the changelog into a new store beside the old one, and then puts it in its place: a kill at any "
      "moment is safe.\n"
      "Without --shard: all shards that the directory holds, or all of the changelog's if it holds none.\n"
      "\n"
      "Examples:\n"
      "  eddy state rebuild --config eddy.yaml --shard 3\n"
      "  eddy state rebuild --config eddy.yaml");
  command.footer(
      "The process that uses the state directory must be stopped before.\n"
      "\n"
      "Examples:\n"
      "  eddy state verify --config eddy.yaml\n"
      "  eddy state rebuild --config eddy.yaml --shard 3");
  return [options] { return run_state(*options); };
}

}  // namespace eddy
