#include "model/comparison/comparison.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "model/comparison/event_values.h"

namespace eddy {
namespace {

/// The best of those that `model` is held against; nothing if there is none.
std::optional<std::size_t> best_for(std::size_t model, const ComparisonPlan& plan,
                                    const std::vector<std::vector<double>>& values) {
  std::optional<std::size_t> best;
  double highest = 0;
  for (std::size_t other = 0; other < plan.models.size(); ++other) {
    if (other == model || values[other].empty()) continue;
    if (!plan.baselines.empty() &&
        std::find(plan.baselines.begin(), plan.baselines.end(), plan.models[other]) == plan.baselines.end())
      continue;
    const double mean = mean_of(values[other]);
    if (best && mean <= highest) continue;
    best = other;
    highest = mean;
  }
  return best;
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = a[i] - b[i];
  return result;
}

/// Holds every model against the best at one kind of event; `values`: by model, of each event.
void test_models(const ComparisonPlan& plan, const PairedComparison& paired, std::size_t kind,
                 std::size_t measure, const std::vector<std::vector<double>>& values,
                 std::vector<ModelFigures>& models) {
  std::vector<std::size_t> tested;
  std::vector<std::vector<double>> differences;
  for (std::size_t model = 0; model < models.size(); ++model) {
    const auto best = best_for(model, plan, values);
    if (!best || values[model].empty()) continue;
    models[model].by_kind[kind].against_best[measure].best = plan.models[*best];
    tested.push_back(model);
    differences.push_back(difference(values[model], values[*best]));
  }
  const std::vector<PairedDifference> results = paired.run(differences);
  std::vector<double> p;
  p.reserve(results.size());
  for (const PairedDifference& result : results) p.push_back(result.p);
  const std::vector<double> corrected = holm_corrected(p);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    AgainstBest& against = models[tested[i]].by_kind[kind].against_best[measure];
    against.difference = results[i];
    against.corrected_p = corrected[i];
  }
}

void measure_models(const ComparisonPlan& plan, const EventValues& values,
                    std::vector<ModelFigures>& models) {
  for (std::size_t kind = 0; kind <= kAllKinds; ++kind) {
    const PairedComparison paired = values.paired(kind);
    for (std::size_t measure = 0; measure < kMeasures; ++measure) {
      std::vector<std::vector<double>> by_model;
      by_model.reserve(models.size());
      for (ModelFigures& model : models) {
        KindFigures& figures = model.by_kind[kind];
        figures.events = values.events(kind).size();
        for (std::size_t rank = 1; rank <= kMaxRank; ++rank)
          figures.at_rank[measure][rank - 1] =
              values.spread({model.model}, static_cast<Measure>(measure), rank, kind);
        by_model.push_back(values.mean_by_event({model.model}, static_cast<Measure>(measure), kind));
      }
      test_models(plan, paired, kind, measure, by_model, models);
    }
  }
}

/// A model as one ablation has it.
ModelSetting setting_of(const std::string& model, const Ablation& ablation) {
  if (ablation.in_training) return {model, ablation.channel, TestChannels::kAll};
  return {model, std::nullopt, test_without(ablation.channel)};
}

/// All models at one kind of event; together, so that they share draws and coins.
void measure_ablation(const EventValues& values, std::size_t kind, Ablation& ablation) {
  std::vector<std::vector<double>> changes;
  for (AblatedModel& model : ablation.models) {
    if (!model.impossible.empty()) continue;
    const ModelSetting setting = setting_of(model.model, ablation);
    for (std::size_t measure = 0; measure < kMeasures; ++measure) {
      const auto which = static_cast<Measure>(measure);
      model.at_rank[kind][measure] = values.spread(setting, which, kReportedRank, kind);
      changes.push_back(difference(values.mean_by_event(setting, which, kind),
                                   values.mean_by_event({model.model}, which, kind)));
    }
  }
  const std::vector<PairedDifference> results = values.paired(kind).run(changes);
  auto next = results.begin();
  for (AblatedModel& model : ablation.models) {
    if (!model.impossible.empty()) continue;
    for (PairedDifference& change : model.change[kind]) change = *next++;
  }
}

Ablation measured(const ComparisonPlan& plan, const EventValues& values, Ablation ablation) {
  for (const std::string& name : plan.models)
    ablation.models.push_back({name, values.impossible(setting_of(name, ablation)), {}, {}});
  for (std::size_t kind = 0; kind <= kAllKinds; ++kind) measure_ablation(values, kind, ablation);
  return ablation;
}

void add_segments(const ComparisonPlan& plan, const EventValues& values, Comparison& comparison) {
  std::vector<std::array<std::vector<double>, kMeasures>> by_model;
  by_model.reserve(plan.models.size());
  for (const std::string& model : plan.models) {
    auto& of_model = by_model.emplace_back();
    for (std::size_t measure = 0; measure < kMeasures; ++measure)
      of_model[measure] = values.mean_by_event({model}, static_cast<Measure>(measure), kAllKinds);
  }
  for (const Segmentation& segmentation : plan.segmentations) {
    for (const Segment& segment : segmentation.segments) {
      SegmentFigures figures{segmentation.field,    segmentation.meaning, segment.name,
                             segment.events.size(), segment.users,        {}};
      for (const auto& of_model : by_model) {
        auto& value = figures.models.emplace_back();
        for (std::size_t measure = 0; measure < kMeasures; ++measure) {
          double sum = 0;
          for (const std::uint32_t event : segment.events) sum += of_model[measure][event];
          value[measure].mean = sum / static_cast<double>(segment.events.size());
          value[measure].interval = wilson_interval(value[measure].mean, segment.events.size());
        }
      }
      comparison.segments.push_back(std::move(figures));
    }
  }
}

}  // namespace

std::string kind_name(std::size_t kind) {
  return kind == kAllKinds ? "all" : std::string(to_string(static_cast<ExampleKind>(kind)));
}

std::string Ablation::title() const {
  return "without " + std::string(to_string(channel)) +
         (in_training ? " in training and test" : " at the test");
}

std::vector<TestEvent> test_events_of(std::span<const LearningExample> test) {
  std::unordered_map<UserId, std::uint32_t> users;
  std::vector<TestEvent> events;
  events.reserve(test.size());
  for (const LearningExample& example : test) {
    const auto user = users.try_emplace(example.user, static_cast<std::uint32_t>(users.size())).first->second;
    events.push_back({example.kind, user, example.bought.size()});
  }
  return events;
}

std::vector<RunKey> runs_of(const ComparisonPlan& plan) {
  std::vector<RunKey> keys;
  for (const std::uint64_t seed : plan.seeds) {
    for (const std::string& model : plan.models) {
      keys.push_back({model, seed, std::nullopt});
      for (const auto& [channel, in_training] : plan.ablations)
        if (in_training) keys.push_back({model, seed, channel});
    }
  }
  return keys;
}

Comparison compare(const ComparisonPlan& plan, std::span<const TestEvent> events,
                   std::span<const FinishedRun> runs) {
  const EventValues values(events, runs);
  Comparison comparison;
  comparison.seeds = plan.seeds;
  comparison.test_events = events.size();
  std::set<std::uint32_t> users;
  for (const TestEvent& event : events) users.insert(event.user);
  comparison.test_users = users.size();
  for (const std::string& model : plan.models) {
    ModelFigures& figures = comparison.models.emplace_back();
    figures.model = model;
    figures.cost = values.cost(model);
  }
  measure_models(plan, values, comparison.models);
  for (const auto& [channel, in_training] : plan.ablations)
    comparison.ablations.push_back(measured(plan, values, {channel, in_training, {}}));
  add_segments(plan, values, comparison);
  return comparison;
}

}  // namespace eddy
