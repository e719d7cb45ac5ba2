#include "app/commands/compare.h"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/train.h"
#include "app/comparison_progress.h"
#include "app/segment_file.h"
#include "base/hash.h"
#include "model/comparison/comparison.h"
#include "model/comparison/report.h"
#include "model/comparison/run_directory.h"
#include "model/comparison/run_model.h"
#include "model/recommender_list.h"
#include "model/torch_runtime.h"
#include "state/profile/profile_codec.h"

namespace eddy {
namespace {

constexpr const char* kAll = "all";
/// Enough for a mean; more would take long with the slowest models.
constexpr std::size_t kTimedEvents = 10'000;

struct CompareOptions {
  TrainOptions training;
  std::vector<std::string> models{kAll};
  std::uint32_t seeds = 5;
  std::string out;
  std::vector<std::string> baselines, ablate, ablate_at{"test"}, by;
  std::string segments, optimum;
  /// Those of `training`: runs with other values are other runs.
  std::vector<const CLI::Option*> learning;
};

std::string check_model_or_all(const std::string& name) {
  return name == kAll ? "" : check_model(name);
}

/// The models asked for, in the order of the list.
std::vector<std::string> models_of(const std::vector<std::string>& asked) {
  const auto has = [&](std::string_view name) {
    return std::find(asked.begin(), asked.end(), name) != asked.end();
  };
  std::vector<std::string> models;
  for (const RecommenderKind& kind : recommender_list())
    if (has(kAll) || has(kind.name)) models.emplace_back(kind.name);
  return models;
}

/// "0.50" and ".5" are one value.
std::string plain(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return text;
  std::ostringstream out;
  out.precision(12);
  out << number;
  return out.str();
}

std::string value_of(const CLI::Option& option) {
  if (option.count() == 0)
    return option.get_default_str().empty() ? "default" : plain(option.get_default_str());
  std::string text;
  for (const std::string& value : option.results()) {
    if (!text.empty()) text += ',';
    text += plain(value);
  }
  return text;
}

/// Of everything that is learned from or measured with.
std::string digest_of(std::span<const LearningExample> examples) {
  std::uint64_t digest = 0;
  std::string bytes;
  for (const LearningExample& example : examples) {
    encode_facts(example.facts, bytes);
    digest = hash_combine(digest, hash_bytes(bytes));
    digest = hash_combine(digest, static_cast<std::uint64_t>(example.time.milliseconds));
    digest = hash_combine(digest, hash_bytes(example.user.value()));
    for (const ItemId& item : example.bought) digest = hash_combine(digest, hash_bytes(item.value()));
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(digest));
  return text;
}

SharedInputs shared_inputs(const CompareOptions& options, const TrainingData& data) {
  SharedInputs inputs{
      {"Eddy", EDDY_VERSION},
      {"purchases", std::to_string(data.set.examples.size()) + ", digest " + digest_of(data.set.examples)}};
  for (const CLI::Option* option : options.learning)
    inputs.emplace_back(option->get_name(), value_of(*option));
  return inputs;
}

Result<std::optional<OptimumFigures>> read_optimum(const std::string& file) {
  if (file.empty()) return std::optional<OptimumFigures>();
  std::ifstream input(file);
  std::ostringstream text;
  if (!input || !(text << input.rdbuf())) return user_error("cannot be read: give another --optimum", file);
  Result<OptimumFigures> optimum = parse_optimum(text.str());
  if (!optimum) return user_error(optimum.error().message, file);
  return std::optional(*optimum);
}

const BuiltInField* built_in(const std::string& name) {
  for (const BuiltInField& field : built_in_fields())
    if (field.name == name) return &field;
  return nullptr;
}

/// Fields of --by that are columns of --segments, and their values.
struct UserFields {
  std::vector<std::string> names;
  std::vector<UserField> values;
};

Result<UserFields> read_fields(const CompareOptions& options) {
  UserFields fields;
  for (const std::string& name : options.by)
    if (built_in(name) == nullptr) fields.names.push_back(name);
  if (options.segments.empty()) {
    if (fields.names.empty()) return fields;
    std::string known;
    for (const BuiltInField& field : built_in_fields())
      known += (known.empty() ? "" : ", ") + std::string(field.name);
    return user_error("--by knows " + known + "; for \"" + fields.names[0] +
                      "\" give a CSV file with the columns user and " + fields.names[0] + " as --segments");
  }
  if (fields.names.empty())
    return user_error("--segments is read for the columns that --by names, and it names none",
                      options.segments);
  EDDY_ASSIGN(fields.values, read_user_fields(options.segments, fields.names));
  return fields;
}

std::vector<Segmentation> segmentations_of(const CompareOptions& options, const UserFields& fields,
                                           const ExampleSpans& examples) {
  std::vector<Segmentation> segmentations;
  if (options.by.empty())
    for (const BuiltInField& field : built_in_fields()) segmentations.push_back(segments_by(field, examples));
  std::size_t next = 0;
  for (const std::string& name : options.by) {
    const BuiltInField* field = built_in(name);
    segmentations.push_back(field != nullptr ? segments_by(*field, examples)
                                             : segments_by(name, fields.values[next++], examples));
  }
  return segmentations;
}

ComparisonPlan plan_of(const CompareOptions& options, const UserFields& fields, const TrainingData& data) {
  ComparisonPlan plan;
  plan.models = models_of(options.models);
  plan.baselines = options.baselines;
  for (std::uint32_t i = 0; i < options.seeds; ++i) plan.seeds.push_back(options.training.training.seed + i);
  for (const std::string& at : {std::string("test"), std::string("training")}) {
    if (std::find(options.ablate_at.begin(), options.ablate_at.end(), at) == options.ablate_at.end())
      continue;
    for (const Channel channel : kChannels) {
      if (std::find(options.ablate.begin(), options.ablate.end(), to_string(channel)) != options.ablate.end())
        plan.ablations.emplace_back(channel, at == "training");
    }
  }
  plan.segmentations = segmentations_of(options, fields, data.parts());
  return plan;
}

Result<FinishedRun> run_with_bar(const RunKey& key, const RunInputs& inputs, ComparisonProgress& progress) {
  progress.begin();
  Result<FinishedRun> run =
      run_model(key, inputs, [&](double part, const std::string& detail) { progress.show(part, detail); });
  if (!run) {
    Error error = run.error();
    error.where = key.name() + (error.where.empty() ? "" : ", " + error.where);
    return error;
  }
  progress.end();
  return run;
}

/// Runs what is not finished yet; each is kept at once.
Result<std::vector<FinishedRun>> finish_runs(const ComparisonPlan& plan, const RunInputs& inputs,
                                             const RunDirectory& directory) {
  const std::size_t events = inputs.examples.test.size();
  std::vector<FinishedRun> runs;
  std::vector<RunKey> missing;
  for (const RunKey& key : runs_of(plan)) {
    EDDY_ASSIGN(std::optional<FinishedRun> run, directory.find(key, events));
    if (run) {
      runs.push_back(*std::move(run));
    } else {
      missing.push_back(key);
    }
  }
  if (!runs.empty())
    std::cout << runs.size() << " of " << runs.size() + missing.size() << " runs are finished in "
              << directory.path().string() << " already and are skipped\n"
              << std::flush;
  if (missing.empty()) return runs;
  ComparisonProgress progress(missing, runs);
  for (const RunKey& key : missing) {
    EDDY_ASSIGN(FinishedRun run, run_with_bar(key, inputs, progress));
    EDDY_TRY(directory.keep(run));
    runs.push_back(std::move(run));
  }
  return runs;
}

Result<void> report(const Comparison& comparison, const RunDirectory& directory) {
  EDDY_TRY(directory.write("results.json", to_json(comparison)));
  EDDY_TRY(directory.write("results.md", to_markdown(comparison)));
  EDDY_TRY(directory.write("results.html", to_html(comparison)));
  for (const ModelFigures& model : comparison.models) {
    const KindFigures& all = model.by_kind[kAllKinds];
    const Spread hit_rate = all.at(Measure::kHitRate), precision = all.at(Measure::kAveragePrecision);
    std::printf("%-26s HR@%zu %.3f ± %.3f   MAP@%zu %.3f ± %.3f\n", model.model.c_str(), kReportedRank,
                hit_rate.mean, hit_rate.deviation, kReportedRank, precision.mean, precision.deviation);
  }
  std::cout << "wrote results.json, results.md and results.html in " << directory.path().string() << '\n';
  return {};
}

Result<void> check_baselines(const CompareOptions& options) {
  const std::vector<std::string> models = models_of(options.models);
  for (const std::string& name : options.baselines)
    if (std::find(models.begin(), models.end(), name) == models.end())
      return user_error("--baselines names " + name + ", which is not among --models");
  return {};
}

/// Encoding takes longer than most trainings, so it is done once, ahead of them.
Result<void> check_text(const TrainOptions& training) {
  if (training.text != "bert" && training.text_encoder.empty()) return {};
  return user_error(
      "a comparison does not encode: write the events with their vectors by 'eddy encode' once, and compare "
      "those with --text carried");
}

Result<void> compare_models(CompareOptions options) {
  EDDY_TRY(check_baselines(options));
  EDDY_TRY(check_text(options.training));
  if (const auto warning = blas_warning()) spdlog::warn("{}", *warning);
  EDDY_ASSIGN(const std::optional<OptimumFigures> optimum, read_optimum(options.optimum));
  EDDY_ASSIGN(const UserFields fields, read_fields(options));
  EDDY_ASSIGN(TrainingData data, read_training_data(options.training));
  const ExampleSpans examples = data.parts();
  if (examples.test.empty())
    return user_error(
        "there is nothing to measure: the test part has no purchase; give a larger --test-share");
  const SharedInputs inputs = shared_inputs(options, data);
  EDDY_ASSIGN(const RunDirectory directory, RunDirectory::open(options.out, inputs));
  const ComparisonPlan plan = plan_of(options, fields, data);
  const RefreshTiming timing(timed_events(data.input.events, examples.test.front().time, kTimedEvents),
                             data.fold);
  data.input = {};  // the examples hold what is learned from
  const RunInputs run_inputs{examples, options.training.features, options.training.training, timing};
  EDDY_ASSIGN(const std::vector<FinishedRun> runs, finish_runs(plan, run_inputs, directory));
  Comparison comparison = compare(plan, test_events_of(examples.test), runs);
  comparison.inputs = inputs;
  comparison.inputs.emplace_back("training, validation, test", std::to_string(data.split.train) + ", " +
                                                                   std::to_string(data.split.validation) +
                                                                   ", " + std::to_string(data.split.test));
  comparison.optimum = optimum;
  return report(comparison, directory);
}

void declare_what(CLI::App& command, CompareOptions& options) {
  declare_events_option(command, options.training.events);
  command
      .add_option("--models", options.models, "all, or names, e.g. latent-feature,popular; they are below")
      ->capture_default_str()
      ->delimiter(',')
      ->check(CLI::Validator(check_model_or_all, "NAME"));
  command.add_option("--seeds", options.seeds, "Times to train each model, from --seed on")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command
      .add_option("--out", options.out, "A directory for runs and results; finished runs there are skipped")
      ->required();
  command
      .add_option("--baselines", options.baselines,
                  "Models that each model is held against, the best of them (default: all others)")
      ->delimiter(',')
      ->check(CLI::Validator(check_model, "NAME"));
  command.add_option("--optimum", options.optimum,
                     "The optimum.json of `eddy simulate`: the line not to pass");
}

void declare_questions(CLI::App& command, CompareOptions& options) {
  auto* ablate =
      command.add_option("--ablate", options.ablate, "Channels to switch off, one after the other")
          ->delimiter(',')
          ->check(CLI::IsMember({"sessions", "calls"}));
  command
      .add_option("--ablate-at", options.ablate_at,
                  "At the test of the models, or in training too, which takes runs of its own")
      ->capture_default_str()
      ->delimiter(',')
      ->check(CLI::IsMember({"test", "training"}))
      ->needs(ablate);
  command
      .add_option("--by", options.by,
                  "Fields to divide the test events by: rare-items, interactions, agreement, columns of "
                  "--segments (default: the first three)")
      ->delimiter(',');
  command.add_option("--segments", options.segments,
                     "CSV with a column `user` and the columns that --by names");
}

}  // namespace

RunCommand declare_compare_command(CLI::App& command) {
  auto options = std::make_shared<CompareOptions>();
  declare_what(command, *options);
  declare_questions(command, *options);
  const std::size_t before = command.get_options().size();
  declare_training_options(command, options->training);
  // Not the seed: each run has its own.
  const std::vector<CLI::Option*> declared = command.get_options();
  for (std::size_t i = before; i < declared.size(); ++i)
    if (declared[i]->get_name() != "--seed") options->learning.push_back(declared[i]);
  command.footer(
      "Models:\n" + recommender_lines() +
      "\nA run is kept as soon as it is finished: after an interruption, give the same again. "
      "docs/compare.md "
      "tells what the\nresults mean.\n"
      "\nExamples:\n"
      "  eddy compare --events events.jsonl.gz --out comparison\n"
      "  eddy compare --events simulated/*.jsonl --models latent-feature,session,popular --seeds 3 \\\n"
      "    --optimum simulated/optimum.json --out comparison\n"
      "  eddy compare --events events.jsonl.gz --ablate sessions,calls --ablate-at test,training \\\n"
      "    --segments users.csv --by region,agreement --out comparison");
  return [options] { return compare_models(*options); };
}

}  // namespace eddy
