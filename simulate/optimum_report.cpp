#include <array>
#include <cstdarg>
#include <cstdio>

#include "simulate/optimum.h"

namespace eddy {

namespace {

struct KindName {
  const char* json;
  const char* table;
};
constexpr std::array<KindName, static_cast<std::size_t>(HistoryKind::kCount)> kKindNames = {
    {{"all", "all"}, {"sessions_only", "sessions only"}, {"calls_only", "calls only"}, {"both", "both"}}};

__attribute__((format(printf, 2, 3))) void append_format(std::string& out, const char* format, ...) {
  std::array<char, 256> buffer;
  va_list arguments;
  va_start(arguments, format);
  const int size = std::vsnprintf(buffer.data(), buffer.size(), format, arguments);
  va_end(arguments);
  out.append(buffer.data(), std::min(static_cast<std::size_t>(std::max(size, 0)), buffer.size() - 1));
}

void append_numbers(std::string& out, const char* name, const std::array<double, kMostRanks>& values) {
  append_format(out, "\"%s\": [", name);
  for (std::size_t k = 0; k < kMostRanks; ++k) append_format(out, "%s%.6f", k > 0 ? ", " : "", values[k]);
  out += "]";
}

void append_figures(std::string& out, const char* name, const FiguresByKind& figures) {
  append_format(out, "  \"%s\": {\n", name);
  for (std::size_t kind = 0; kind < figures.size(); ++kind) {
    append_format(out, "    \"%s\": {\"events\": %zu, ", kKindNames[kind].json, figures[kind].events);
    append_numbers(out, "hit_rate", figures[kind].hit_rate);
    out += ", ";
    append_numbers(out, "mean_average_precision", figures[kind].mean_average_precision);
    out += kind + 1 < figures.size() ? "},\n" : "}\n";
  }
  out += "  }";
}

void append_row(std::string& out, const char* method, const char* kind, const RankingFigures& figures) {
  append_format(out, "%-9s %-14s %8zu ", method, kind, figures.events);
  for (const double value : figures.hit_rate) append_format(out, " %5.3f", value);
  out += "  ";
  for (const double value : figures.mean_average_precision) append_format(out, " %5.3f", value);
  out += "\n";
}

}  // namespace

std::string to_json(const OptimumReport& report) {
  std::string out = "{\n";
  append_format(out, "  \"mean_interactions\": %.4f,\n", report.mean_interactions);
  append_figures(out, "optimum", report.optimum);
  out += ",\n";
  append_figures(out, "popular", report.popular);
  out += "\n}\n";
  return out;
}

std::string to_table(const OptimumReport& report) {
  std::string out;
  append_format(out, "%-9s %-14s %8s   HR@1    @2    @3    @4    @5    MAP@1    @2    @3    @4    @5\n", "",
                "history", "events");
  for (std::size_t kind = 0; kind < kKindNames.size(); ++kind) {
    append_row(out, "optimum", kKindNames[kind].table, report.optimum[kind]);
  }
  for (std::size_t kind = 0; kind < kKindNames.size(); ++kind) {
    append_row(out, "popular", kKindNames[kind].table, report.popular[kind]);
  }
  return out;
}

}  // namespace eddy
