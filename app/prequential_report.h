#pragma once

#include <string>

namespace eddy {

class Prequential;

/// As a table for a terminal, with a line for each arm and model: HR@k and MAP@k of the purchases, all of
/// them and the latest. Says so if there was none.
[[nodiscard]] std::string prequential_report(const Prequential& prequential);

}  // namespace eddy
