#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "operators/operator_registry.h"
#include "operators/params.h"

namespace eddy {

/// One operator of the chain: its factory has read its settings, and is prepared.
struct ChainedOperator {
  std::string name;
  std::string where;  ///< its place in the configuration
  std::shared_ptr<OperatorFactory> factory;
  Operator::Stage stage = Operator::Stage::kRecords;
  std::vector<OptionSet::Entry> settings;  ///< in force; `default_value` holds the value
  std::set<std::string> given;             ///< the settings that the configuration names
};

/// The chain of a configuration without `operators`.
[[nodiscard]] const std::vector<std::string>& default_chain();

/// Reads the list `operators`: looks each up, lets its factory read its settings and prepare itself, and asks
/// an instance of shard 0 for its stage. Then checks the chain: no name twice, records before profiles before
/// outputs, and the built-ins in the order in which they need each other. Appends mistakes, of all operators.
std::vector<ChainedOperator> read_operator_chain(const ParamNode& operators, const OperatorRegistry& registry,
                                                 std::vector<Error>& mistakes);

/// "records", "profiles", "outputs".
[[nodiscard]] std::string to_string(Operator::Stage stage);

}  // namespace eddy
