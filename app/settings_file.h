#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings_loader.h"

namespace eddy {

/// load_settings(), with every mistake printed to the standard error; the error returned counts them.
Result<LoadedSettings> load_or_tell(const SettingsRequest& request, OperatorRegistry& registry);

/// Loads a configuration without its plug-ins and operators, so that no bundle needs to be there: for
/// commands about topics, offsets and state. Mistakes: as load_or_tell().
Result<LoadedSettings> load_settings_file(const std::string& file, const std::vector<std::string>& overrides);

/// The Kafka source that the settings name. Error (user's): they name files.
Result<KafkaSourceOptions> kafka_source(const Settings& settings);

/// The same result; in an error no secret is shown.
Result<void> concealed(Result<void> result, const Secrets& secrets);

}  // namespace eddy
