#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "operators/params.h"
#include "operators/refresh/served_models.h"

namespace eddy {

/// The arms of refresh's settings: one from `bundle`, or several from the list `bundles`. Appends mistakes,
/// each with its place: neither or both given, unknown keys, missing names, paths and shares, names twice,
/// shares that do not sum up to 1. Empty if there was a mistake.
[[nodiscard]] std::vector<Arm> read_arms(const std::string& bundle, const ParamNode& settings,
                                         std::vector<Error>& mistakes);

}  // namespace eddy
