#include <string_view>

#include "model/comparison/report.h"
#include "model/comparison/report_table.h"

namespace eddy {
namespace {

/// Text that Markdown does not take for a column's end.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

void append(std::string& out, const ReportTable& table) {
  out += "\n## " + escaped(table.title) + "\n\n";
  if (!table.note.empty()) out += escaped(table.note) + "\n\n";
  out += "|";
  for (const std::string& column : table.columns) out += " " + escaped(column) + " |";
  out += "\n| --- |";
  for (std::size_t i = 1; i < table.columns.size(); ++i) out += " --: |";
  out += "\n";
  for (const auto& row : table.rows) {
    out += "|";
    for (const TableCell& cell : row)
      out += cell.is_best ? " **" + escaped(cell.text) + "** |" : " " + escaped(cell.text) + " |";
    out += "\n";
  }
}

}  // namespace

std::string to_markdown(const Comparison& comparison) {
  std::string out = "# Comparison of models\n\n" + report_summary(comparison) + ".\n\n";
  for (const auto& [name, value] : comparison.inputs)
    out += "- " + escaped(name) + ": " + escaped(value) + "\n";
  for (const ReportTable& table : measure_tables(comparison)) append(out, table);
  for (const ReportTable& table : difference_tables(comparison)) append(out, table);
  for (const ReportTable& table : curve_tables(comparison)) append(out, table);
  append(out, cost_table(comparison));
  for (const ReportTable& table : ablation_tables(comparison)) append(out, table);
  for (const ReportTable& table : segment_tables(comparison)) append(out, table);
  return out;
}

}  // namespace eddy
