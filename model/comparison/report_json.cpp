#include <nlohmann/json.hpp>

#include "model/comparison/report.h"

namespace eddy {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, kMeasures> kMeasureNames = {"hr", "map"};

Json json_of(const Spread& spread) {
  return {{"mean", spread.mean}, {"deviation", spread.deviation}, {"values", spread.values}};
}

Json json_of(const Interval& interval) {
  return Json::array({interval.low, interval.high});
}

Json json_of(const PairedDifference& difference) {
  return {{"mean", difference.mean}, {"interval", json_of(difference.interval)}, {"p", difference.p}};
}

Json json_of(const KindFigures& figures) {
  Json json{{"events", figures.events}};
  for (std::size_t measure = 0; measure < kMeasures; ++measure) {
    Json ranks = Json::object();
    for (std::size_t rank = 1; rank <= kMaxRank; ++rank)
      ranks[std::to_string(rank)] = json_of(figures.at(static_cast<Measure>(measure), rank));
    json[kMeasureNames[measure]] = std::move(ranks);
  }
  for (std::size_t measure = 0; measure < kMeasures; ++measure) {
    const AgainstBest& against = figures.against_best[measure];
    if (against.best.empty()) continue;
    Json test = json_of(against.difference);
    test["corrected_p"] = against.corrected_p;
    json["against_best"][kMeasureNames[measure]] = {{"best", against.best}, {"difference", std::move(test)}};
  }
  return json;
}

Json json_of(const ModelFigures& model) {
  Json kinds = Json::object();
  for (std::size_t kind = 0; kind <= kAllKinds; ++kind) kinds[kind_name(kind)] = json_of(model.by_kind[kind]);
  return {{"model", model.model},
          {"kinds", std::move(kinds)},
          {"training_seconds", json_of(model.cost.training_seconds)},
          {"epochs", json_of(model.cost.epochs)},
          {"refresh_microseconds", json_of(model.cost.refresh_microseconds)}};
}

Json json_of(const Ablation& ablation) {
  Json models = Json::array();
  for (const AblatedModel& model : ablation.models) {
    Json json{{"model", model.model}};
    if (!model.impossible.empty()) json["impossible"] = model.impossible;
    for (std::size_t kind = 0; model.impossible.empty() && kind <= kAllKinds; ++kind) {
      for (std::size_t measure = 0; measure < kMeasures; ++measure) {
        json["kinds"][kind_name(kind)][kMeasureNames[measure]] = {
            {"value", json_of(model.at_rank[kind][measure])},
            {"change", json_of(model.change[kind][measure])}};
      }
    }
    models.push_back(std::move(json));
  }
  return {{"channel", to_string(ablation.channel)},
          {"at", ablation.in_training ? "training" : "test"},
          {"models", std::move(models)}};
}

Json json_of(const SegmentFigures& segment, const std::vector<ModelFigures>& models) {
  Json values = Json::array();
  for (std::size_t i = 0; i < models.size(); ++i) {
    Json json{{"model", models[i].model}};
    for (std::size_t measure = 0; measure < kMeasures; ++measure) {
      const SegmentValue& value = segment.models[i][measure];
      json[kMeasureNames[measure]] = {{"mean", value.mean}, {"interval", json_of(value.interval)}};
    }
    values.push_back(std::move(json));
  }
  return {{"field", segment.field},
          {"segment", segment.segment},
          {"events", segment.events},
          {"users", segment.users},
          {"models", std::move(values)}};
}

Json json_of(const OptimumFigures& optimum) {
  Json json = Json::object();
  for (std::size_t kind = 0; kind <= kAllKinds; ++kind) {
    json[kind_name(kind)] = {{"events", optimum[kind].examples},
                             {"hr", optimum[kind].hit_rate},
                             {"map", optimum[kind].mean_average_precision}};
  }
  return json;
}

}  // namespace

std::string to_json(const Comparison& comparison) {
  Json inputs = Json::object();
  for (const auto& [name, value] : comparison.inputs) inputs[name] = value;
  Json models = Json::array(), ablations = Json::array(), segments = Json::array();
  for (const ModelFigures& model : comparison.models) models.push_back(json_of(model));
  for (const Ablation& ablation : comparison.ablations) ablations.push_back(json_of(ablation));
  for (const SegmentFigures& segment : comparison.segments)
    segments.push_back(json_of(segment, comparison.models));
  Json json{{"inputs", std::move(inputs)},
            {"seeds", comparison.seeds},
            {"test", {{"events", comparison.test_events}, {"users", comparison.test_users}}},
            {"reported_rank", kReportedRank},
            {"models", std::move(models)}};
  if (comparison.optimum) json["optimum"] = json_of(*comparison.optimum);
  json["ablations"] = std::move(ablations);
  json["segments"] = std::move(segments);
  return json.dump(2) + "\n";
}

}  // namespace eddy
