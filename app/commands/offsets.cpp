#include "app/commands/offsets.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "app/logging.h"
#include "app/offsets/apply_moves.h"
#include "app/offsets/offset_table.h"
#include "app/settings_file.h"

namespace eddy {
namespace {

struct OffsetsOptions {
  std::string file;
  std::vector<std::string> overrides;
  bool json = false;
  std::string to;
  PartitionChoice choice;
  bool yes = false;
  CLI::App* show = nullptr;
};

Result<void> show(const OffsetsOptions& options, const Settings& settings) {
  EDDY_ASSIGN(const KafkaSourceOptions source, kafka_source(settings));
  EDDY_ASSIGN(const auto queries, OffsetQueries::connect(source.cluster));
  EDDY_ASSIGN(const auto offsets, read_partition_offsets(settings, *queries));
  std::cout << (options.json ? offsets_json(offsets) : offsets_table(offsets));
  return {};
}

std::string names_of(const std::vector<GroupMember>& members) {
  std::string names;
  for (const GroupMember& member : members) {
    names += (names.empty() ? "" : ", ") + (member.instance.empty() ? member.client : member.instance) +
             " at " + member.host;
  }
  return names;
}

/// Why nothing can be set now; nothing if it can.
Result<std::optional<Error>> who_reads(OffsetQueries& queries, const std::string& group) {
  EDDY_ASSIGN(const auto members, queries.members(group));
  if (members.empty()) return std::optional<Error>();
  return std::optional(user_error(
      "the group is in use by " + names_of(members) +
          ": stop all of its processes; one with an instance leaves when its session's time is over "
          "(session.timeout.ms, 45 s unless set)",
      group));
}

/// The lock on the state directory; null if there is no state here.
Result<std::unique_ptr<StateDirectory>> lock_state(const Settings& settings, std::int32_t shards) {
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::path(settings.state.directory) / "IDENTITY", error)) {
    return std::unique_ptr<StateDirectory>();
  }
  return StateDirectory::open(settings.state.directory, {settings.name, shards});
}

void print_totals(const std::vector<OffsetMove>& moves) {
  std::int64_t again = 0;
  std::int64_t skipped = 0;
  for (const OffsetMove& move : moves) {
    std::cout << to_text(move) << '\n';
    again += move.read_again();
    skipped += move.skipped();
  }
  std::cout << "in all: " << again << " read again, " << skipped << " skipped\n";
}

Result<void> apply(const Settings& settings, const std::vector<OffsetMove>& moves,
                   const std::vector<PartitionOffsets>& all, const StateDirectory* state) {
  EDDY_ASSIGN(const auto shards, apply_moves(settings, moves, all, state));
  bool any_is_done = shards.empty();
  for (const ShardMove& move : shards) {
    std::cout << "shard " << move.shard.value()
              << (move.is_done ? ": done" : ": its state is not here, left as it is") << '\n';
    any_is_done = any_is_done || move.is_done;
  }
  if (any_is_done) return {};
  return user_error("nothing was set: with at_least_once the positions are in the state, which is not here",
                    settings.state.directory);
}

Result<void> set(const OffsetsOptions& options, const Settings& settings) {
  EDDY_ASSIGN(const KafkaSourceOptions source, kafka_source(settings));
  const auto point = parse_topic_point(options.to);
  if (!point) return user_error("--to: " + point.error().message);
  EDDY_ASSIGN(const auto queries, OffsetQueries::connect(source.cluster));
  EDDY_ASSIGN(const std::int32_t shards, queries->partitions(source.topics));
  std::unique_ptr<StateDirectory> state;
  EDDY_ASSIGN(const auto refusal, who_reads(*queries, source.group));
  if (options.yes) {
    EDDY_ASSIGN(state, lock_state(settings, shards));  // names the process, if it is one of this machine
    if (refusal) return *refusal;
  }
  EDDY_ASSIGN(const auto all, read_partition_offsets(settings, *queries));
  EDDY_ASSIGN(const auto meant, chosen(all, options.choice));
  std::vector<TopicPartition> partitions;
  for (const PartitionOffsets& one : meant) partitions.push_back(one.partition);
  EDDY_ASSIGN(const Positions targets, queries->at(partitions, *point));
  EDDY_ASSIGN(const auto moves, plan_moves(meant, targets));
  print_totals(moves);
  if (options.yes) return apply(settings, moves, all, state.get());
  std::cout << "nothing was changed; --yes does it\n";
  if (refusal) std::cout << "not now: " << to_string(*refusal) << '\n';
  return {};
}

Result<void> run_offsets(const OffsetsOptions& options) {
  if (options.file.empty()) return user_error("give a FILE; eddy offsets --help has examples");
  EDDY_ASSIGN(const LoadedSettings loaded, load_settings_file(options.file, options.overrides));
  start_logging(loaded.settings.log);
  return concealed(options.show->parsed() ? show(options, loaded.settings) : set(options, loaded.settings),
                   loaded.secrets);
}

void add_place_options(CLI::App& command, OffsetsOptions& options) {
  command.add_option("FILE,--config", options.file, "The configuration that names topics, group and state");
  command.add_option("--set", options.overrides, "PATH=VALUE over the file; repeatable")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
}

void declare_show(CLI::App& command, OffsetsOptions& options) {
  options.show = &command;
  add_place_options(command, options);
  command.add_flag("--json", options.json, "Print JSON instead of a table");
  command.footer(
      "next: where the next start reads on; state: the position in the state directory's store; group: the "
      "consumer "
      "group's\n"
      "committed offset; beginning and end: of the log; lag: records behind next, transaction markers "
      "included.\n"
      "With exactly_once the store may be behind its changelog after a kill; next is what the changelog "
      "says.\n"
      "\n"
      "Examples:\n"
      "  eddy offsets show eddy.yaml\n"
      "  eddy offsets show eddy.yaml --json");
}

void declare_set(CLI::App& command, OffsetsOptions& options) {
  add_place_options(command, options);
  command
      .add_option("--to", options.to,
                  "beginning, end, an offset, or a time (the first record stamped then or later)")
      ->required();
  command.add_option("--topic", options.choice.topic, "This topic alone");
  command.add_option("--partition", options.choice.partition, "This partition alone")
      ->check(CLI::NonNegativeNumber);
  command.add_flag("--yes", options.yes, "Do it; without, only say what would be read again or skipped");
  command.footer(
      "All processes of the group must be stopped. Events that are read again change no profile; their "
      "users' "
      "recommendations\n"
      "may be published again. Skipped events are missing from the profiles.\n"
      "exactly_once sets the changelog and the group in one transaction, then the store; at_least_once the "
      "store "
      "alone.\n"
      "\n"
      "Examples:\n"
      "  eddy offsets set eddy.yaml --to 2026-11-22T00:00:00Z\n"
      "  eddy offsets set eddy.yaml --to 2026-11-22T00:00:00Z --topic web --partition 3 --yes\n"
      "  eddy offsets set eddy.yaml --to end --yes");
}

}  // namespace

RunCommand declare_offsets_command(CLI::App& command) {
  auto options = std::make_shared<OffsetsOptions>();
  command.require_subcommand(1);
  declare_show(*command.add_subcommand("show", "Say where each partition is read on"), *options);
  declare_set(*command.add_subcommand("set", "Read again from another place, or skip"), *options);
  command.footer(
      "Examples:\n"
      "  eddy offsets show eddy.yaml\n"
      "  eddy offsets set eddy.yaml --to 2026-11-22T00:00:00Z --topic web");
  return [options] { return run_offsets(*options); };
}

}  // namespace eddy
