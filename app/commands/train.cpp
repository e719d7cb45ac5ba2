#include "app/commands/train.h"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/encoded_examples.h"
#include "app/event_input.h"
#include "app/progress.h"
#include "event/event_time.h"
#include "model/bundle_writer.h"
#include "model/evaluation/evaluation.h"
#include "model/network_shape.h"
#include "model/recommender_list.h"
#include "model/text/text_encoder.h"
#include "model/torch_runtime.h"
#include "model/training/model_trainer.h"
#include "model/training/training_record.h"
#include "operators/option_set.h"

namespace eddy {
namespace {

void print_examples(const EventInput& input, const ExampleSet& set, const ExampleSplit& split) {
  std::printf("%zu events, %zu purchases to learn from (%llu skipped: nothing before them)\n",
              input.events.size(), set.examples.size(),
              static_cast<unsigned long long>(set.purchases_without_interaction));
  if (input.refused > 0)
    std::fprintf(stderr, "%llu records are no events, the first: %s\n",
                 static_cast<unsigned long long>(input.refused), input.first_refusal.c_str());
  std::printf("%zu for training, %zu for validation, %zu for the test\n", split.train, split.validation,
              split.test);
}

}  // namespace

Result<TrainingData> read_training_data(TrainOptions& options) {
  options.training.schedule =
      options.schedule == "one-cycle" ? TrainingSchedule::kOneCycle : TrainingSchedule::kEarlyStopping;
  options.features.calls = options.text == "hashed" ? CallSource::kTerms : CallSource::kCarried;
  if ((options.text == "bert") != !options.text_encoder.empty())
    return user_error("--text bert and --text-encoder DIR belong together; eddy train --help has an example");
  TrainingData data;
  EDDY_ASSIGN(data.input, read_events(options.events));
  data.fold.session_inactivity =
      std::chrono::milliseconds(static_cast<std::int64_t>(options.session_inactivity_minutes * 60'000));
  data.fold.max_interactions = options.features.max_interactions;
  if (!options.text_encoder.empty()) {
    EDDY_ASSIGN(data.encoder, TextEncoder::load(options.text_encoder));
    options.features.encoder = data.encoder->name();
  }
  EDDY_ASSIGN(data.set, build_examples(data.input.events, data.fold, data.encoder.get()));
  data.split = split_examples(data.set.examples.size(), options.validation_share, options.test_share);
  print_examples(data.input, data.set, data.split);
  data.record.split = data.split;
  data.record.validation_share = options.validation_share;
  data.record.test_share = options.test_share;
  data.record.session_inactivity = data.fold.session_inactivity;
  data.record.max_interactions = options.features.max_interactions;
  data.record.purchases_without_interaction = data.set.purchases_without_interaction;
  if (data.split.test > 0) data.record.first_test_time = to_rfc3339(data.parts().test.front().time);
  return data;
}

namespace {

/// Measures the model on the test part, or on the validation part where there is no test.
Result<std::string> measured(const RecommenderModel& model, const TrainingData& data) {
  const ExampleSpans parts = data.parts();
  const auto examples = data.split.test > 0 ? parts.test : parts.validation;
  if (examples.empty()) return std::string("{}");
  const auto recommender = model.make_recommender();
  Progress progress("evaluating", examples.size());
  EDDY_ASSIGN(const Evaluation evaluation,
              evaluate(
                  model.scored_model()->name, model.scored_model(),
                  [&](std::span<const Facts* const> users, float* scores) {
                    return recommender->score(users, scores);
                  },
                  examples, {}, [&](std::size_t count) { progress.advance(count); }));
  progress.finish();
  std::fputs(to_table(std::span(&evaluation, 1)).c_str(), stdout);
  return std::string("{\"") + (data.split.test > 0 ? "test" : "validation") +
         "\": " + to_json(std::span(&evaluation, 1)) + "}";
}

Result<void> write(BundleContents contents, const RecommenderModel& model, const TrainingData& data,
                   const std::string& out) {
  EDDY_ASSIGN(contents.metrics, measured(model, data));
  contents.training = to_json(data.record);
  EDDY_TRY(write_bundle(contents, out));
  std::cout << "wrote " << out << '\n';
  return {};
}

void remember_item_shares(const std::vector<ItemId>& items, TrainingData& data) {
  ScoredModel model;
  model.items = items;
  const std::vector<float> shares = item_shares(model, data.parts().train);
  for (std::size_t i = 0; i < items.size(); ++i)
    data.record.item_shares[items[i].value()] = static_cast<double>(shares[i]);
}

/// Tells the losses of several seeds as mean ± standard deviation.
void print_seeds(const TrainedModel& trained) {
  double sum = 0, squares = 0;
  for (const SeedOutcome& seed : trained.seeds) {
    std::printf("seed %llu: %u epochs in %.1f s, loss %.5f, validation loss %.5f\n",
                static_cast<unsigned long long>(seed.seed), seed.epochs, seed.seconds, seed.loss,
                seed.validation_loss);
    sum += seed.validation_loss;
    squares += seed.validation_loss * seed.validation_loss;
  }
  const auto count = static_cast<double>(trained.seeds.size());
  if (count < 2) return;
  const double variance = std::max(0.0, (squares - sum * sum / count) / (count - 1));
  std::printf("validation loss %.5f ± %.5f over %.0f seeds; kept seed %llu\n", sum / count,
              std::sqrt(variance), count, static_cast<unsigned long long>(trained.seeds[trained.kept].seed));
}

/// Trains with a bar of progress.
Result<TrainedModel> train_with_bar(const TrainOptions& options, const TrainingData& data) {
  Progress bar("training", 0);
  const auto show = [&](const TrainingProgress& now) {
    const std::uint64_t per_network = static_cast<std::uint64_t>(now.epochs) * now.batches;
    bar.set_total(per_network * now.networks);
    char detail[96];
    std::snprintf(detail, sizeof detail, "epoch %u of %u, loss %.5f, validation %.5f", now.epoch + 1,
                  now.epochs, now.loss, now.validation_loss);
    bar.set_detail(detail);
    bar.set(now.network * per_network + now.epoch * now.batches + now.batch);
  };
  const ExampleSpans parts = data.parts();
  return train_model(options.model, parts.train, parts.validation, options.features, options.training, show);
}

Result<void> train_and_write(const TrainOptions& options, TrainingData data) {
  EDDY_ASSIGN(TrainedModel trained, train_with_bar(options, data));
  if (!trained.seeds.empty()) {
    print_seeds(trained);
    std::printf("%zu tags, %zu terms, %zu items\n", trained.parts.tags.size(), trained.terms,
                trained.parts.items.size());
    data.record.networks = to_json(trained.seeds, trained.kept);
  }
  remember_item_shares(trained.parts.items, data);
  EDDY_ASSIGN(const auto model, load_model(trained));
  BundleContents contents;
  contents.kind = trained.kind;
  contents.tags = std::move(trained.parts.tags);
  contents.items = std::move(trained.parts.items);
  contents.tensors = std::move(trained.parts.tensors);
  contents.options = std::move(trained.parts.options);
  if (data.encoder && reads_vectors(contents.options)) {
    contents.encoder = options.text_encoder;
    contents.encoder_name = data.encoder->name();
  }
  return write(std::move(contents), *model, data, options.out);
}

void declare_learning_options(CLI::App& command, TrainOptions& options) {
  TrainingOptions& training = options.training;
  command.add_option("--seed", training.seed, "Where randomness starts")->capture_default_str();
  command
      .add_option("--schedule", options.schedule,
                  "one-cycle runs all epochs; early-stopping keeps the best epoch")
      ->capture_default_str()
      ->check(CLI::IsMember({"one-cycle", "early-stopping"}));
  command.add_option("--epochs", training.epochs, "0: 30 with one-cycle, at most 100 with early-stopping")
      ->capture_default_str();
  command.add_option("--patience", training.patience, "Epochs without progress before early-stopping stops")
      ->capture_default_str();
  command
      .add_option("--batch-size", training.batch_size,
                  "0: the paper's, 128 to 512 by model, or less for few examples")
      ->capture_default_str();
  command
      .add_option("--learning-rate", training.learning_rate, "0: 0.004 for one-cycle (its top), else 0.001")
      ->capture_default_str();
  command.add_option("--weight-decay", training.weight_decay, "Of the dense layers")->capture_default_str();
  command.add_option("--table-weight-decay", training.table_weight_decay, "Of the tables of terms")
      ->capture_default_str();
  command
      .add_option("--dropout", training.dropout,
                  "Before the last hidden layer; default: the paper's, .2 to .4 by model")
      ->check(CLI::Range(0.0, 0.95));
  command
      .add_option("--term-dropout", training.term_dropout, "Share of a call's terms that training leaves out")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.95));
  command.add_flag("--cut-calls,!--no-cut-calls", training.cut_calls,
                   "In training the last call ends at a random turn of the customer (default: on)");
  command.add_flag("--linear-path,!--no-linear-path", training.linear_path,
                   "Latent feature: a linear path from the last call's terms to the scores (default: on)");
  command.add_option("--threads", training.threads, "Threads of LibTorch")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
}

void declare_feature_options(CLI::App& command, TrainOptions& options) {
  FeatureOptions& features = options.features;
  command
      .add_option("--text", options.text,
                  "What a call's embedding is the mean of: hashed n-grams of its words, the vectors that its "
                  "utterances carry, or those that a BERT encoder makes of them")
      ->capture_default_str()
      ->check(CLI::IsMember({"hashed", "carried", "bert"}));
  command.add_option("--text-encoder", options.text_encoder,
                     "With --text bert: a directory with config.json, vocab.txt and model.safetensors; the "
                     "bundle gets a copy");
  command.add_option("--min-tag-share", features.min_tag_share, "Tags in fewer of the actions are dropped")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option("--min-term-share", features.min_term_share, "Terms in fewer of the sentences are dropped")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  command.add_option("--min-term-count", features.min_term_count, "Terms in fewer sentences are dropped")
      ->capture_default_str();
  command.add_option("--max-ngram", features.max_ngram, "1 to this many words make a term")
      ->capture_default_str()
      ->check(CLI::Range(1, 5));
  command.add_option("--buckets", features.buckets, "Terms are hashed into this many")
      ->capture_default_str()
      ->check(CLI::Range(1024, 1 << 26));
  command.add_flag("--customer-only", features.customer_only, "Do not listen to the agent");
}

}  // namespace

std::string check_model(const std::string& name) {
  if (find_recommender(name) != nullptr) return "";
  std::vector<std::string> names;
  for (const RecommenderKind& kind : recommender_list()) names.emplace_back(kind.name);
  const std::string nearest = nearest_name(name, names);
  return "there is no model \"" + name + "\"" +
         (nearest.empty() ? "; known are " + recommender_names() : "; did you mean " + nearest + "?");
}

Result<void> train(TrainOptions options) {
  if (options.text == "bert" && !reads_text(options.model))
    return user_error("the model " + options.model + " does not read what was said: leave out --text bert");
  if (const auto warning = blas_warning()) spdlog::warn("{}", *warning);
  EDDY_ASSIGN(TrainingData data, read_training_data(options));
  data.input = {};  // the examples hold what is learned from
  return train_and_write(options, std::move(data));
}

void declare_training_options(CLI::App& command, TrainOptions& options) {
  command
      .add_option("--test-share", options.test_share, "The last part of the purchases is kept for the test")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.9));
  command
      .add_option("--validation-share", options.validation_share,
                  "The last part of the rest is for validation")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.9));
  command
      .add_option("--session-inactivity", options.session_inactivity_minutes,
                  "Minutes that separate sessions without an id")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 10'000.0));
  declare_learning_options(command, options);
  declare_feature_options(command, options);
}

RunCommand declare_train_command(CLI::App& command) {
  auto options = std::make_shared<TrainOptions>();
  declare_events_option(command, options->events);
  command.add_option("--model", options->model, "What to train; the models are below")
      ->capture_default_str()
      ->check(CLI::Validator(check_model, "NAME"));
  command
      .add_option("--out", options->out,
                  "The bundle to write, a directory; an older bundle there is replaced")
      ->required();
  command
      .add_option("--seeds", options->training.seeds,
                  "Times to train; the one with the least validation loss is kept")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  declare_training_options(command, *options);
  command.footer(
      "Models:\n" + recommender_lines() +
      "\nExamples:\n"
      "  eddy train --events web.jsonl calls.jsonl purchases.jsonl --out bundle\n"
      "  eddy train --events kafka://127.0.0.1:9092/web,calls,purchases --out bundle --seeds 5\n"
      "  eddy train --events events.jsonl.gz --model popular --out popular\n"
      "  eddy train --events events.jsonl.gz --text bert --text-encoder all-MiniLM-L6-v2 --out bundle");
  return [options] { return train(*options); };
}

}  // namespace eddy
