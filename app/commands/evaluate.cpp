#include "app/commands/evaluate.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/encoded_examples.h"
#include "app/event_input.h"
#include "app/progress.h"
#include "model/bundle.h"
#include "model/evaluation/evaluation.h"
#include "model/network_shape.h"
#include "model/recommender_list.h"
#include "model/text/text_encoder.h"
#include "model/training/training_record.h"

namespace eddy {
namespace {

struct EvaluateOptions {
  std::string bundle;
  std::vector<std::string> events;
  std::string part = "test";
  double test_share = -1;  // negative: as in training
  std::vector<unsigned> at_customer_turns;
  std::vector<double> at_call_share;
  bool json = false;
  bool each_purchase = false;
};

std::vector<CallCut> cuts_of(const EvaluateOptions& options) {
  std::vector<CallCut> cuts;
  for (const unsigned turns : options.at_customer_turns)
    cuts.push_back({CallCut::Kind::kCustomerTurns, static_cast<double>(turns)});
  for (const double share : options.at_call_share) cuts.push_back({CallCut::Kind::kCallShare, share});
  if (cuts.empty()) cuts.push_back({});
  return cuts;
}

Result<std::vector<Evaluation>> evaluate_all(const Bundle& bundle, const TrainingRecord& record,
                                             std::span<const LearningExample> examples,
                                             const std::vector<CallCut>& cuts) {
  const auto model = bundle.model();
  const auto recommender = bundle.make_recommender();
  const ScoreUsers score = [&](std::span<const Facts* const> users, float* scores) {
    return recommender->score(users, scores);
  };
  std::vector<float> shares;
  for (const ItemId& item : model->items) {
    const auto found = record.item_shares.find(item.value());
    shares.push_back(found == record.item_shares.end() ? 0.0F : static_cast<float>(found->second));
  }
  Progress progress("evaluating", cuts.size() * examples.size());
  std::vector<Evaluation> evaluations;
  for (const CallCut& cut : cuts) {
    EDDY_ASSIGN(Evaluation evaluation, evaluate(bundle.kind(), model, score, examples, cut,
                                                [&](std::size_t count) { progress.advance(count); }));
    evaluations.push_back(std::move(evaluation));
  }
  if (bundle.kind() != "popular") {
    EDDY_ASSIGN(Evaluation popular, evaluate("popular", model, popular_scores(model, shares), examples, {}));
    evaluations.push_back(std::move(popular));
  }
  return evaluations;
}

nlohmann::ordered_json purchases_of(std::span<const LearningExample> examples) {
  nlohmann::ordered_json purchases = nlohmann::ordered_json::array();
  for (const LearningExample& example : examples)
    purchases.push_back({{"user", example.user.value()},
                         {"time", example.time.milliseconds},
                         {"items", example.bought.size()}});
  return purchases;
}

Result<void> evaluate_bundle(const EvaluateOptions& options) {
  EDDY_ASSIGN(const auto bundle, load_bundle(options.bundle));
  EDDY_ASSIGN(const TrainingRecord record, training_record(bundle->manifest()));
  const bool cuts_calls = !options.at_customer_turns.empty() || !options.at_call_share.empty();
  EDDY_ASSIGN(const auto encoder, load_text_encoder(*bundle, options.bundle));
  if (cuts_calls && !encoder && reads_vectors(nlohmann::json::parse(bundle->manifest()).at("options").dump()))
    return user_error(
        "this model reads the vectors that utterances carry, of which only the sum over a call is kept: it "
        "cannot "
        "be measured on cut calls",
        options.bundle);
  EDDY_ASSIGN(const EventInput input, read_events(options.events));
  if (input.refused > 0)
    std::fprintf(stderr, "%llu records are no events, the first: %s\n",
                 static_cast<unsigned long long>(input.refused), input.first_refusal.c_str());
  FoldOptions fold;
  fold.session_inactivity = record.session_inactivity;
  fold.max_interactions = record.max_interactions;
  EDDY_ASSIGN(const ExampleSet set, build_examples(input.events, fold, encoder.get()));
  std::span<const LearningExample> examples = set.examples;
  if (options.part == "test") {
    const double share = options.test_share < 0 ? record.test_share : options.test_share;
    examples = examples.last(split_examples(examples.size(), 0, share).test);
  }
  if (examples.empty())
    return user_error("there is nothing to measure: the " + options.part +
                      " part of the events has no purchase with a "
                      "session or call of its user before it; --part all takes all of them");
  EDDY_ASSIGN(const auto evaluations, evaluate_all(*bundle, record, examples, cuts_of(options)));
  if (!options.json && !options.each_purchase) {
    std::printf("%s, %zu of %zu purchases\n", bundle->model()->name.c_str(), examples.size(),
                set.examples.size());
    std::fputs(to_table(evaluations).c_str(), stdout);
    return {};
  }
  nlohmann::ordered_json report{
      {"model", bundle->model()->name},
      {"part", options.part},
      {"examples", examples.size()},
      {"purchases_without_interaction", set.purchases_without_interaction},
      {"refused_records", input.refused},
      {"results", nlohmann::ordered_json::parse(to_json(evaluations, options.each_purchase))}};
  if (options.each_purchase) report["purchases"] = purchases_of(examples);
  std::cout << report.dump(options.each_purchase ? -1 : 2) << '\n';
  return {};
}

}  // namespace

RunCommand declare_evaluate_command(CLI::App& command) {
  auto options = std::make_shared<EvaluateOptions>();
  command.add_option("--bundle", options->bundle, "The bundle to measure")->required();
  declare_events_option(command, options->events);
  command
      .add_option("--part", options->part,
                  "test: the last purchases, as many as were kept from training; or all")
      ->capture_default_str()
      ->check(CLI::IsMember({"test", "all"}));
  command
      .add_option("--test-share", options->test_share, "The share of the test part (default: as in training)")
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option("--at-customer-turns", options->at_customer_turns,
                  "Cut the last call after so many of the customer's utterances, e.g. 1,2,3")
      ->delimiter(',')
      ->check(CLI::Range(1U, 100'000U));
  command
      .add_option("--at-call-share", options->at_call_share,
                  "Cut the last call after this share of the customer's utterances, e.g. .25,.5,.75,1")
      ->delimiter(',')
      ->check(CLI::Range(0.001, 1.0));
  command.add_flag("--json", options->json, "Print JSON instead of a table");
  command.add_flag("--each-purchase", options->each_purchase,
                   "Print JSON on one line, and in it, for each purchase, the places that had a bought item");
  command.footer(
      "Models of bundles, which `eddy train --model` makes:\n" + recommender_lines() +
      "\nHR@k: share of purchases with a bought item among the first k. MAP@k: mean average precision at k.\n"
      "\n"
      "Examples:\n"
      "  eddy evaluate --bundle bundle --events web.jsonl calls.jsonl purchases.jsonl\n"
      "  eddy evaluate --bundle bundle --events events.jsonl.gz --at-customer-turns 1,2,3 --at-call-share "
      ".5,1 --json");
  return [options] { return evaluate_bundle(*options); };
}

}  // namespace eddy
