#pragma once

#include <array>
#include <string_view>

#include "base/result.h"
#include "model/evaluation/evaluation.h"

namespace eddy {

/// What no model can be better at but by luck, by ExampleKind and for all; of all purchases of a simulation.
using OptimumFigures = std::array<RankingMeasures, kExampleKinds + 1>;

/// Reads the optimum.json that `eddy simulate` writes. Error (user's, without a place): it is none.
Result<OptimumFigures> parse_optimum(std::string_view json);

}  // namespace eddy
