#pragma once

#include <array>
#include <string>
#include <vector>

#include "model/comparison/comparison.h"

namespace eddy {

/// A cell of a report's table, as text.
struct TableCell {
  std::string text;
  bool is_best = false;  ///< of its column
};

/// A table of a report, before it is Markdown or HTML.
struct ReportTable {
  std::string title;
  std::string note;                  ///< a paragraph above it; may be empty
  std::vector<std::string> columns;  ///< the first is of names
  std::vector<std::vector<TableCell>> rows;
};

/// HR@3 and MAP@3 by kind of event.
[[nodiscard]] std::vector<ReportTable> measure_tables(const Comparison& comparison);
/// Every model against the best, a table for each kind that has events.
[[nodiscard]] std::vector<ReportTable> difference_tables(const Comparison& comparison);
/// HR@k and MAP@k for k = 1 … kMaxRank, a table for each kind that has events.
[[nodiscard]] std::vector<ReportTable> curve_tables(const Comparison& comparison);
[[nodiscard]] ReportTable cost_table(const Comparison& comparison);
[[nodiscard]] std::vector<ReportTable> ablation_tables(const Comparison& comparison);
/// Two for each field.
[[nodiscard]] std::vector<ReportTable> segment_tables(const Comparison& comparison);

/// "10 models, 5 seeds, 363 test events of 350 users".
[[nodiscard]] std::string report_summary(const Comparison& comparison);

/// "0.712"
[[nodiscard]] std::string three_digits(double value);

/// The order in which reports show the kinds of events: places of by_kind.
inline constexpr std::array<std::size_t, kExampleKinds + 1> kKindOrder = {
    static_cast<std::size_t>(ExampleKind::kCallsOnly), static_cast<std::size_t>(ExampleKind::kSessionsOnly),
    static_cast<std::size_t>(ExampleKind::kBoth), kAllKinds};

inline constexpr std::array<const char*, kMeasures> kMeasureTitles = {"HR", "MAP"};

}  // namespace eddy
