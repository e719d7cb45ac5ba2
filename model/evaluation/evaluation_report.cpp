#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "model/evaluation/evaluation.h"

namespace eddy {
namespace {

std::string kind_name(std::size_t kind) {
  return kind == kAllKinds ? "all" : std::string(to_string(static_cast<ExampleKind>(kind)));
}

std::string formatted(const char* format, auto... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string line_of(const Evaluation& evaluation, std::size_t kind) {
  const RankingMeasures& measures = evaluation.by_kind[kind];
  std::string line = formatted("%-24s %-34s %-14s %8zu ", evaluation.model.c_str(),
                               evaluation.cut.text().c_str(), kind_name(kind).c_str(), measures.examples);
  for (const double value : measures.hit_rate) line += formatted(" %6.4f", value);
  line += " ";
  for (const double value : measures.mean_average_precision) line += formatted(" %6.4f", value);
  return line + "\n";
}

nlohmann::json by_rank(const std::array<double, kMaxRank>& values) {
  nlohmann::json json = nlohmann::json::object();
  for (std::size_t k = 1; k <= kMaxRank; ++k) json[std::to_string(k)] = values[k - 1];
  return json;
}

/// For each example those of the first kMaxRank places that have a bought item.
nlohmann::json places_of(std::span<const HitMask> hits) {
  nlohmann::json examples = nlohmann::json::array();
  for (const HitMask of_example : hits) {
    nlohmann::json places = nlohmann::json::array();
    for (std::size_t k = 1; k <= kMaxRank; ++k)
      if ((of_example >> (k - 1) & 1U) != 0) places.push_back(k);
    examples.push_back(std::move(places));
  }
  return examples;
}

}  // namespace

std::string CallCut::text() const {
  switch (kind) {
    case Kind::kNone:
      return "whole";
    case Kind::kCustomerTurns:
      return formatted("after %.0f customer turn%s", amount, amount == 1 ? "" : "s");
    case Kind::kCallShare:
      return formatted("after %.4g %% of the customer turns", 100 * amount);
  }
  return "whole";
}

std::string to_table(std::span<const Evaluation> evaluations) {
  std::string table = formatted("%-24s %-34s %-14s %8s ", "model", "last call", "kind", "examples");
  for (const char* measure : {"HR", "MAP"}) {
    for (std::size_t k = 1; k <= kMaxRank; ++k)
      table += formatted(" %6s", (std::string(measure) + "@" + std::to_string(k)).c_str());
    table += measure[0] == 'H' ? " " : "\n";
  }
  for (const Evaluation& evaluation : evaluations)
    for (std::size_t kind = 0; kind <= kAllKinds; ++kind)
      if (kind == kAllKinds || evaluation.by_kind[kind].examples > 0) table += line_of(evaluation, kind);
  return table;
}

std::string to_json(std::span<const Evaluation> evaluations, bool each) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Evaluation& evaluation : evaluations) {
    for (std::size_t kind = 0; kind <= kAllKinds; ++kind) {
      const RankingMeasures& measures = evaluation.by_kind[kind];
      nlohmann::json row{{"model", evaluation.model},
                         {"kind", kind_name(kind)},
                         {"examples", measures.examples},
                         {"hr", by_rank(measures.hit_rate)},
                         {"map", by_rank(measures.mean_average_precision)}};
      if (evaluation.cut.kind == CallCut::Kind::kCustomerTurns)
        row["at_customer_turns"] = static_cast<std::uint64_t>(evaluation.cut.amount);
      if (evaluation.cut.kind == CallCut::Kind::kCallShare) row["at_call_share"] = evaluation.cut.amount;
      if (each && kind == kAllKinds) row["places"] = places_of(evaluation.hits);
      rows.push_back(std::move(row));
    }
  }
  return rows.dump(each ? -1 : 2);
}

}  // namespace eddy
