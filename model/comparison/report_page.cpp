#include <string_view>

#include "model/comparison/report.h"
#include "model/comparison/report_table.h"
#include "model/comparison/svg_chart.h"

namespace eddy {
namespace {

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --ground: #fff; --text: #1c1e21; --quiet: #5b6068; --rule: #d9dce1;
  --stripe: #f5f6f8; --limit: #4a4f57;
  --c0: #1d66b0; --c1: #7a7f87; --c2: #c8590b; --c3: #23803a; --c4: #7b4fb5; --c5: #b3291f;
  --c6: #8a5a2b; --c7: #b53a8c; --c8: #0b8695; --c9: #7d7a06; --c10: #2f2fa2; --c11: #d0406e; }
@media (prefers-color-scheme: dark) { :root { --ground: #15171a; --text: #e6e8eb; --quiet: #a2a8b1;
  --rule: #363b42; --stripe: #1d2024; --limit: #c3c8cf;
  --c0: #6cb2f5; --c1: #a3a8b0; --c2: #f79a54; --c3: #66c67b; --c4: #b99af0; --c5: #f27b70;
  --c6: #cfa06d; --c7: #f08ccb; --c8: #55cbd9; --c9: #d3cf58; --c10: #9d9df5; --c11: #ff8fb3; } }
body { background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 1300px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 8px; }
h3 { font-size: 15px; margin: 20px 0 4px; }
p { margin: 4px 0 10px; max-width: 80ch; } .quiet { color: var(--quiet); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--ground); }
thead th { color: var(--quiet); font-weight: 600; } tbody tr:hover > * { background: var(--stripe); }
.plots { display: flex; flex-wrap: wrap; gap: 12px 20px; } svg { max-width: 100%; height: auto; }
svg.swatch { height: 12px; } svg text { font: 12px system-ui, sans-serif; fill: var(--quiet); }
svg text.title { font-weight: 600; fill: var(--text); font-size: 13px; }
.end { text-anchor: end; } .middle { text-anchor: middle; }
.grid { stroke: var(--rule); } .limit { stroke: var(--limit); stroke-dasharray: 5 4; fill: none; stroke-width: 1.5; }
.line { stroke: var(--c); fill: none; stroke-width: 1.6; } .mark, .bar { fill: var(--c); }
.bar { opacity: .85; } .whisker { stroke: var(--text); fill: none; stroke-width: 1.3; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 8px 0 12px; list-style: none; }
.legend svg { vertical-align: middle; margin-right: 6px; }
details { margin: 12px 0; } summary { cursor: pointer; font-weight: 600; }
)css";

void append(std::string& out, const ReportTable& table, const char* heading) {
  out += "<" + std::string(heading) + ">" + html_escaped(table.title) + "</" + heading + ">\n";
  if (!table.note.empty()) out += "<p class=\"quiet\">" + html_escaped(table.note) + "</p>\n";
  out += "<div class=\"scroll\"><table><thead><tr>";
  for (const std::string& column : table.columns)
    out += "<th scope=\"col\">" + html_escaped(column) + "</th>";
  out += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const TableCell& cell : row) {
      const std::string text = html_escaped(cell.text);
      out += cell.is_best ? "<td><strong>" + text + "</strong></td>" : "<td>" + text + "</td>";
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

void append_section(std::string& out, const char* title, const std::vector<ReportTable>& tables) {
  if (tables.empty()) return;
  out += "<h2>" + std::string(title) + "</h2>\n";
  for (const ReportTable& table : tables) append(out, table, "h3");
}

void append_legend(std::string& out, const Comparison& comparison) {
  out += "<ul class=\"legend\">";
  for (std::size_t i = 0; i < comparison.models.size(); ++i)
    out += "<li>" + series_swatch(i) + html_escaped(comparison.models[i].model) + "</li>";
  if (comparison.optimum) out += "<li>" + limit_swatch() + "optimum, of all purchases</li>";
  out += "</ul>\n";
}

std::string bars_of(const Comparison& comparison, std::size_t kind) {
  std::vector<ChartBar> bars;
  bars.reserve(comparison.models.size());
  for (std::size_t i = 0; i < comparison.models.size(); ++i) {
    const ModelFigures& model = comparison.models[i];
    if (model.by_kind[kind].events == 0) return {};
    const Spread& value = model.by_kind[kind].at(Measure::kHitRate);
    bars.push_back({model.model, value.mean, value.deviation, i});
  }
  std::optional<double> limit;
  if (comparison.optimum && (*comparison.optimum)[kind].examples > 0)
    limit = (*comparison.optimum)[kind].hit_rate[kReportedRank - 1];
  return bar_chart("HR@" + std::to_string(kReportedRank) + ", " + kind_name(kind), bars, limit);
}

std::string curves_of(const Comparison& comparison, std::size_t measure, std::size_t kind) {
  std::vector<ChartSeries> series;
  series.reserve(comparison.models.size());
  for (std::size_t i = 0; i < comparison.models.size(); ++i) {
    const KindFigures& figures = comparison.models[i].by_kind[kind];
    if (figures.events == 0) return {};
    ChartSeries& one = series.emplace_back(ChartSeries{comparison.models[i].model, {}, i});
    for (const Spread& spread : figures.at_rank[measure]) one.values.push_back(spread.mean);
  }
  std::span<const double> limit;
  if (comparison.optimum && (*comparison.optimum)[kind].examples > 0) {
    const RankingMeasures& optimum = (*comparison.optimum)[kind];
    limit = measure == 0 ? optimum.hit_rate : optimum.mean_average_precision;
  }
  return line_chart(std::string(kMeasureTitles[measure]) + "@k, " + kind_name(kind), series, limit);
}

void append_plots(std::string& out, const Comparison& comparison) {
  out += "<h2>HR@" + std::to_string(kReportedRank) +
         " by kind of event</h2>\n<p class=\"quiet\">Whiskers: ± one standard deviation over the seeds.";
  if (comparison.optimum) out += " Dashed line: the optimum of all purchases.";
  out += "</p>\n<div class=\"plots\">\n";
  for (const std::size_t kind : kKindOrder) out += bars_of(comparison, kind);
  out += "</div>\n<h2>The first k, for k = 1 … " + std::to_string(kMaxRank) + "</h2>\n";
  append_legend(out, comparison);
  for (std::size_t measure = 0; measure < kMeasures; ++measure) {
    out += "<div class=\"plots\">\n";
    for (const std::size_t kind : kKindOrder) out += curves_of(comparison, measure, kind);
    out += "</div>\n";
  }
  out += "<details><summary>These curves as numbers</summary>\n";
  for (const ReportTable& table : curve_tables(comparison)) append(out, table, "h3");
  out += "</details>\n";
}

}  // namespace

std::string to_html(const Comparison& comparison) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>Comparison of models</title>\n<style>";
  out += kStyle;
  for (std::size_t i = 0; i < kSeriesColours; ++i)
    out += ".c" + std::to_string(i) + " { --c: var(--c" + std::to_string(i) + "); }\n";
  out += "</style></head>\n<body><main>\n<h1>Comparison of models</h1>\n<p class=\"quiet\">" +
         html_escaped(report_summary(comparison)) + "</p>\n";
  for (const ReportTable& table : measure_tables(comparison)) append(out, table, "h2");
  append_plots(out, comparison);
  append_section(out, "Against the best", difference_tables(comparison));
  append(out, cost_table(comparison), "h2");
  append_section(out, "With a channel switched off", ablation_tables(comparison));
  append_section(out, "By segment, the smallest first", segment_tables(comparison));
  out += "<details><summary>Inputs and options</summary>\n<ul>\n";
  for (const auto& [name, value] : comparison.inputs)
    out += "<li>" + html_escaped(name) + ": " + html_escaped(value) + "</li>\n";
  return out + "</ul></details>\n</main></body></html>\n";
}

}  // namespace eddy
