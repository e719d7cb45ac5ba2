#include "model/comparison/optimum_figures.h"

#include <nlohmann/json.hpp>

namespace eddy {

Result<OptimumFigures> parse_optimum(std::string_view json) {
  constexpr std::array<const char*, kExampleKinds + 1> kNames = {"sessions_only", "calls_only", "both",
                                                                 "all"};
  try {
    const nlohmann::json optimum = nlohmann::json::parse(json).at("optimum");
    OptimumFigures figures;
    for (std::size_t kind = 0; kind < kNames.size(); ++kind) {
      const auto& of_kind = optimum.at(kNames[kind]);
      figures[kind].examples = of_kind.at("events");
      figures[kind].hit_rate = of_kind.at("hit_rate");
      figures[kind].mean_average_precision = of_kind.at("mean_average_precision");
    }
    return figures;
  } catch (const nlohmann::json::exception& error) {
    return user_error(std::string("is not the optimum.json of `eddy simulate`: ") + error.what());
  }
}

}  // namespace eddy
