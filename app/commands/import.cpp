#include "app/commands/import.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "app/progress.h"
#include "app/record_target.h"
#include "import/tryg_import.h"
#include "simulate/event_json.h"

namespace eddy {
namespace {

struct TrygOptions {
  tryg::ImportOptions import;
  RecordTarget target;
  std::string directory, scratch, begin = "2020-01-01T00:00:00Z", text = "none", histories = "whole";
};

/// Beside the output, which has room for more than this; else where temporary files go.
std::filesystem::path scratch_of(const TrygOptions& options) {
  if (!options.scratch.empty()) return options.scratch;
  const RecordTarget& target = options.target;
  if (!target.out.empty() && target.out != "-") return target.out;
  if (!target.single.empty() && target.single != "-") {
    const std::filesystem::path folder = std::filesystem::path(target.single).parent_path();
    return folder.empty() ? "." : folder;
  }
  return std::filesystem::temp_directory_path();
}

void print_oddities(const tryg::ImportSummary& summary, std::ostream& out) {
  const auto line = [&](std::uint64_t count, const char* what) {
    if (count > 0) out << "  " << count << ' ' << what << '\n';
  };
  line(summary.shorter_lists, "purchases list less than the history that their user has in the events");
  line(summary.not_sellable, "purchases are of an item that their post-filter does not have");
  line(summary.unmatched_filter, "rows of the post-filter are of no purchase: left out");
  line(summary.contents.unlisted_rows, "rows are of interactions that no user lists: left out");
  line(summary.contents.empty_interactions, "listed interactions have no row: left out");
  line(summary.contents.without_keywords, "sentences have no row of keywords");
  line(summary.contents.without_embedding, "sentences have no embedding");
}

void print_summary(const TrygOptions& options, const tryg::ImportSummary& summary) {
  std::ostream& out = options.target.is_standard_output() ? std::cerr : std::cout;
  out << "imported: " << summary.users << " users, " << summary.purchases << " purchases, "
      << summary.sessions << " sessions, " << summary.calls << " calls\n"
      << summary.events << " events: " << summary.actions << " action, " << summary.utterances
      << " utterance; " << to_rfc3339(options.import.begin) << " to " << to_rfc3339(summary.last)
      << ", made up to keep the order\n";
  print_oddities(summary, out);
}

Result<void> import_tryg(TrygOptions& options) {
  EDDY_ASSIGN(options.import.begin, parse_rfc3339(options.begin));
  options.import.directory = options.directory;
  options.import.keywords_as_text = options.text == "keywords";
  options.import.listed_only = options.histories == "listed";
  EDDY_ASSIGN(const auto writer, open_record_target(options.target, {InputChannel::kWeb, InputChannel::kCalls,
                                                                     InputChannel::kPurchases}));
  options.import.scratch = scratch_of(options);
  std::optional<Progress> progress;
  std::string stage, line;
  const auto show = [&](const char* now, std::uint64_t done, std::uint64_t total) {
    if (stage != now) progress.emplace(stage = now, total);
    progress->set(done);
  };
  const auto take = [&](const Event& event) {
    line.clear();
    append_json(event, line);
    return writer->write(channel_of(event.body), event.user.value(), line);
  };
  EDDY_ASSIGN(const tryg::ImportSummary summary, tryg::import_files(options.import, take, show));
  EDDY_TRY(writer->finish());
  progress.reset();
  print_summary(options, summary);
  return {};
}

RunCommand declare_tryg(CLI::App& command) {
  auto options = std::make_shared<TrygOptions>();
  command
      .add_option(
          "DIR", options->directory,
          "Where data_users.csv, data_purchase_events.csv, data_post_filter.csv, data_sessions.csv, "
          "data_conversations_keyword.csv and data_conversations_embedding/ are; each file may end in .gz")
      ->required();
  declare_record_target(command, options->target);
  command.add_flag("!--no-embeddings", options->import.with_embeddings,
                   "Do not read data_conversations_embedding/, which is 20 GB");
  command.add_option("--encoder", options->import.encoder, "What the events say made the embeddings")
      ->capture_default_str();
  command
      .add_option("--text", options->text,
                  "What utterances say: none, as published, or their keywords, for models that read words")
      ->capture_default_str()
      ->check(CLI::IsMember({"none", "keywords"}));
  command
      .add_option(
          "--histories", options->histories,
          "whole: a user's interactions stay; listed: where a purchase lists none of the earlier ones, "
          "a 'forget' event deletes them")
      ->capture_default_str()
      ->check(CLI::IsMember({"whole", "listed"}));
  command.add_option("--begin", options->begin, "The made-up time of the first event")->capture_default_str();
  command.add_flag("--allow-missing", options->import.allow_missing,
                   "Leave out rows that no user lists, and go on where an interaction or purchase has none");
  command.add_option(
      "--scratch", options->scratch,
      "Directory for contents put aside meanwhile, 4 bytes a number of the embeddings; default: "
      "beside the output");
  command.footer(
      "Everything is read and checked before the first event is written. Memory: 24 bytes a row of the files "
      "with contents,\n"
      "and users and purchases; never the contents. docs/datasets.md has the details.\n"
      "\n"
      "Examples:\n"
      "  eddy import tryg published --out tryg\n"
      "  eddy import tryg published --no-embeddings --text keywords --single tryg.jsonl\n"
      "  eddy import tryg published --kafka 127.0.0.1:9092\n"
      "  eddy train --events tryg/web.jsonl tryg/calls.jsonl tryg/purchases.jsonl --out bundle");
  return [options] { return import_tryg(*options); };
}

}  // namespace

RunCommand declare_import_command(CLI::App& command) {
  command.require_subcommand(1);
  CLI::App* published = command.add_subcommand("tryg", "The insurance data set of arXiv 2405.04246");
  command.footer("Example:\n  eddy import tryg published --out tryg");
  return declare_tryg(*published);
}

}  // namespace eddy
