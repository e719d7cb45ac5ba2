#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "operators/params.h"

namespace eddy {

/// Puts `path=value` settings over a configuration, in order; the value is YAML. Appends mistakes.
///
///     commit.interval=1s
///     sources.0.kafka.brokers=a:9092,b:9092      elements of a list by number,
///     operators.publish.top_k=5                  or by name where they are `name: settings`
///     sinks.recommendations={file: {path: out}}
///     sources.kafka.properties.sasl.username=me  below `properties` the rest is one key, dots and all
///
/// The places of what was set are "--set path".
void apply_overrides(const std::vector<std::string>& overrides, ParamNode& root,
                     std::vector<Error>& mistakes);

}  // namespace eddy
