#include "app/prequential_report.h"

#include <iomanip>
#include <sstream>
#include <utility>

#include "operators/refresh/prequential.h"

namespace eddy {
namespace {

void add_line(const std::string& arm, const std::string& model, const std::string& over,
              const RankingMeasures& measures, std::ostringstream& text) {
  text << std::left << std::setw(12) << arm << std::setw(28) << model << std::setw(14) << over << std::right
       << std::setw(9) << measures.examples << std::fixed << std::setprecision(3);
  for (const double value : measures.hit_rate) text << std::setw(7) << value;
  for (const double value : measures.mean_average_precision) text << std::setw(7) << value;
  text << '\n';
}

}  // namespace

std::string prequential_report(const Prequential& prequential) {
  const auto rows = prequential.rows();
  if (rows.empty()) return "no purchase of a user of whom something was known, so nothing to measure\n";
  std::ostringstream text;
  text << "What the model predicted just before each purchase:\n"
       << std::left << std::setw(12) << "arm" << std::setw(28) << "model" << std::setw(14) << "over"
       << std::right << std::setw(9) << "purchases";
  for (std::size_t k = 1; k <= kMaxRank; ++k) text << std::setw(7) << "HR@" + std::to_string(k);
  for (std::size_t k = 1; k <= kMaxRank; ++k) text << std::setw(7) << "MAP@" + std::to_string(k);
  text << '\n';
  for (const Prequential::Row& row : rows) {
    add_line(row.arm, row.model, "all", row.all, text);
    if (row.window.examples < row.all.examples) add_line(row.arm, row.model, "the latest", row.window, text);
  }
  return std::move(text).str();
}

}  // namespace eddy
