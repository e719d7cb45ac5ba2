#include "model/comparison/report_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace eddy {
namespace {

/// A corrected p below it is marked.
constexpr double kSignificant = 0.05;

std::string formatted(const char* format, auto... values) {
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string with_deviation(const Spread& spread) {
  if (spread.values == 0) return "–";
  if (spread.values == 1) return three_digits(spread.mean);
  return three_digits(spread.mean) + " ± " + three_digits(spread.deviation);
}

std::string signed_digits(double value) {
  return (value < -0.0005 ? "−" : value < 0.0005 ? "" : "+") + three_digits(std::abs(value));
}

std::string text_of(const PairedDifference& difference) {
  return signed_digits(difference.mean) + " [" + signed_digits(difference.interval.low) + ", " +
         signed_digits(difference.interval.high) + "]";
}

std::string p_text(double p) {
  return p < 0.001 ? "< 0.001" : three_digits(p);
}

std::string measure_name(std::size_t measure) {
  return std::string(kMeasureTitles[measure]) + "@" + std::to_string(kReportedRank);
}

std::string with_events(std::size_t kind, const Comparison& comparison) {
  const std::size_t events = comparison.models.empty() ? 0 : comparison.models[0].by_kind[kind].events;
  return kind_name(kind) + " (" + std::to_string(events) + ")";
}

std::string mark_of(const AgainstBest& against) {
  if (against.best.empty() || against.corrected_p >= kSignificant) return "";
  return against.difference.mean < 0 ? " ↓" : " ↑";
}

bool has_events(const Comparison& comparison, std::size_t kind) {
  return !comparison.models.empty() && comparison.models[0].by_kind[kind].events > 0;
}

ReportTable measure_table(const Comparison& comparison, std::size_t measure) {
  const auto which = static_cast<Measure>(measure);
  ReportTable table;
  table.title = measure_name(measure);
  table.note =
      "Mean over the seeds ± standard deviation. ↓: worse than the best of the models it is held against, ↑: "
      "better, with p < 0.05 after Holm's correction. In parentheses: test events.";
  table.columns = {"model"};
  for (const std::size_t kind : kKindOrder) table.columns.push_back(with_events(kind, comparison));
  for (const ModelFigures& model : comparison.models) {
    auto& row = table.rows.emplace_back();
    row.push_back({model.model});
    for (const std::size_t kind : kKindOrder) {
      const KindFigures& figures = model.by_kind[kind];
      const bool is_best =
          figures.events > 0 &&
          std::all_of(comparison.models.begin(), comparison.models.end(), [&](const auto& other) {
            return other.by_kind[kind].at(which).mean <= figures.at(which).mean;
          });
      row.push_back({with_deviation(figures.at(which)) + mark_of(figures.against_best[measure]), is_best});
    }
  }
  if (!comparison.optimum) return table;
  auto& row = table.rows.emplace_back();
  row.push_back({"optimum, of all purchases"});
  for (const std::size_t kind : kKindOrder) {
    const RankingMeasures& optimum = (*comparison.optimum)[kind];
    const auto& values = which == Measure::kHitRate ? optimum.hit_rate : optimum.mean_average_precision;
    row.push_back({optimum.examples == 0 ? "–" : three_digits(values[kReportedRank - 1])});
  }
  return table;
}

ReportTable ablation_table(const Ablation& ablation, std::size_t measure) {
  ReportTable table;
  table.title = measure_name(measure) + " " + ablation.title();
  table.columns = {"model"};
  for (const std::size_t kind : kKindOrder) table.columns.push_back(kind_name(kind));
  for (const AblatedModel& model : ablation.models) {
    auto& row = table.rows.emplace_back();
    row.push_back({model.model});
    for (const std::size_t kind : kKindOrder) {
      const Spread& value = model.at_rank[kind][measure];
      row.push_back({value.values == 0
                         ? "–"
                         : three_digits(value.mean) + " (" + text_of(model.change[kind][measure]) + ")"});
    }
    if (model.impossible.empty()) continue;
    table.note += (table.note.empty() ? "" : " ") + model.model + ": " + model.impossible + ".";
  }
  return table;
}

}  // namespace

std::string three_digits(double value) {
  return formatted("%.3f", value);
}

std::vector<ReportTable> measure_tables(const Comparison& comparison) {
  return {measure_table(comparison, 0), measure_table(comparison, 1)};
}

std::vector<ReportTable> difference_tables(const Comparison& comparison) {
  std::vector<ReportTable> tables;
  for (const std::size_t kind : kKindOrder) {
    if (!has_events(comparison, kind)) continue;
    ReportTable table;
    table.title = "Against the best: " + kind_name(kind);
    table.columns = {"model"};
    for (std::size_t measure = 0; measure < kMeasures; ++measure)
      table.columns.insert(table.columns.end(),
                           {measure_name(measure) + ": best", "difference [95 %]", "p, corrected"});
    for (const ModelFigures& model : comparison.models) {
      std::vector<TableCell> row{{model.model}};
      for (const AgainstBest& against : model.by_kind[kind].against_best) {
        if (against.best.empty()) {
          row.insert(row.end(), {{"–"}, {"–"}, {"–"}});
        } else {
          row.insert(row.end(),
                     {{against.best}, {text_of(against.difference)}, {p_text(against.corrected_p)}});
        }
      }
      table.rows.push_back(std::move(row));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<ReportTable> curve_tables(const Comparison& comparison) {
  std::vector<ReportTable> tables;
  for (const std::size_t kind : kKindOrder) {
    if (!has_events(comparison, kind)) continue;
    ReportTable table;
    table.title = "First k: " + kind_name(kind);
    table.columns = {"model"};
    for (const char* measure : kMeasureTitles)
      for (std::size_t rank = 1; rank <= kMaxRank; ++rank)
        table.columns.push_back(std::string(measure) + "@" + std::to_string(rank));
    for (const ModelFigures& model : comparison.models) {
      auto& row = table.rows.emplace_back();
      row.push_back({model.model});
      for (std::size_t measure = 0; measure < kMeasures; ++measure)
        for (std::size_t rank = 1; rank <= kMaxRank; ++rank)
          row.push_back({three_digits(model.by_kind[kind].at(static_cast<Measure>(measure), rank).mean)});
    }
    if (comparison.optimum && (*comparison.optimum)[kind].examples > 0) {
      auto& row = table.rows.emplace_back();
      row.push_back({"optimum, of all purchases"});
      const RankingMeasures& optimum = (*comparison.optimum)[kind];
      for (const double value : optimum.hit_rate) row.push_back({three_digits(value)});
      for (const double value : optimum.mean_average_precision) row.push_back({three_digits(value)});
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

ReportTable cost_table(const Comparison& comparison) {
  ReportTable table;
  table.title = "Costs";
  table.note =
      "Measured on the machine of the run, one thread for each refresh: one user at a time, with a warm "
      "cache. "
      "Mean over the seeds ± standard deviation.";
  table.columns = {"model", "epochs", "training, s", "refresh, µs"};
  const auto text = [](const Spread& spread) {
    if (spread.values == 0) return std::string("–");
    std::string result = formatted("%.1f", spread.mean);
    if (spread.values > 1) result += formatted(" ± %.1f", spread.deviation);
    return result;
  };
  for (const ModelFigures& model : comparison.models) {
    const ModelCost& cost = model.cost;
    table.rows.push_back({{model.model},
                          {text(cost.epochs)},
                          {text(cost.training_seconds)},
                          {text(cost.refresh_microseconds)}});
  }
  return table;
}

std::vector<ReportTable> ablation_tables(const Comparison& comparison) {
  std::vector<ReportTable> tables;
  for (const Ablation& ablation : comparison.ablations)
    for (std::size_t measure = 0; measure < kMeasures; ++measure)
      tables.push_back(ablation_table(ablation, measure));
  return tables;
}

std::vector<ReportTable> segment_tables(const Comparison& comparison) {
  std::vector<ReportTable> tables;
  for (auto begin = comparison.segments.begin(); begin != comparison.segments.end();) {
    const auto end = std::find_if(begin, comparison.segments.end(),
                                  [&](const auto& segment) { return segment.field != begin->field; });
    for (std::size_t measure = 0; measure < kMeasures; ++measure) {
      ReportTable table;
      table.title = measure_name(measure) + " by " + begin->field;
      table.note = begin->field + ": " + begin->meaning + ". In brackets: 95 % interval.";
      table.columns = {"segment", "events", "users"};
      for (const ModelFigures& model : comparison.models) table.columns.push_back(model.model);
      for (auto segment = begin; segment != end; ++segment) {
        std::vector<TableCell> row{
            {segment->segment}, {std::to_string(segment->events)}, {std::to_string(segment->users)}};
        for (const auto& model : segment->models) {
          const SegmentValue& value = model[measure];
          row.push_back({three_digits(value.mean) + " [" + three_digits(value.interval.low) + ", " +
                         three_digits(value.interval.high) + "]"});
        }
        table.rows.push_back(std::move(row));
      }
      tables.push_back(std::move(table));
    }
    begin = end;
  }
  return tables;
}

std::string report_summary(const Comparison& comparison) {
  const auto counted = [](std::size_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
  };
  return counted(comparison.models.size(), "model") + ", " + counted(comparison.seeds.size(), "seed") + ", " +
         counted(comparison.test_events, "test event") + " of " + counted(comparison.test_users, "user");
}

}  // namespace eddy
