#pragma once

#include <vector>

#include "base/error.h"
#include "config/operator_chain.h"
#include "config/settings.h"

namespace eddy {

/// Fills in what one section takes from another: the delivery and what belongs to it, a Kafka sink's brokers
/// and properties.
void complete_settings(Settings& settings);

/// What no single section can see: an output to a sink that is not there, two sinks in one file, a sink that
/// is also a source, an input named twice, budgets that contradict each other, a delivery that sources or
/// sinks cannot give. Also reads http.listen into host and port. `root` gives places. Appends mistakes.
void check_across(const ParamNode& root, Settings& settings, const std::vector<ChainedOperator>& chain,
                  std::vector<Error>& mistakes);

/// What is allowed but should be known, such as dead letters that nobody takes; one sentence each.
[[nodiscard]] std::vector<std::string> notes_on(const Settings& settings);

}  // namespace eddy
