#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "operators/params.h"

namespace eddy {

/// Chooses the delivery where none is given, and fills in what belongs to it: the changelog's name, who
/// commits the group's offsets. Before the checks.
void complete_delivery(Settings& settings);

/// exactly_once: one cluster for everything, one set of producer properties, a changelog of its own.
void check_delivery(const ParamNode& root, const Settings& settings, std::vector<Error>& mistakes);

/// The properties of all Kafka sinks together, which one producer has (exactly_once). Of two that contradict
/// each other the first counts; check_delivery() has refused them.
[[nodiscard]] std::map<std::string, std::string> producer_properties(const Settings& settings);

}  // namespace eddy
