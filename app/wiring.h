#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "config/settings.h"
#include "pipeline/sink.h"
#include "pipeline/source.h"

namespace eddy {

/// The source that the settings describe, not opened yet.
Result<std::unique_ptr<Source>> make_source(const Settings& settings);

/// The sinks by name, not opened yet.
std::map<std::string, std::shared_ptr<Sink>> make_sinks(const Settings& settings);

}  // namespace eddy
